"""A request to the page of a calendar: what every answer to it needs to know."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers

from accounts.models import Member
from availability.models import Calendar
from bookings.forms.appointment import BookingForm
from bookings.forms.refusals import refusals
from bookings.models import Hold
from bookings.queries import pages
from bookings.queries.alternatives import alternatives
from bookings.queries.holds import Kept, kept_by
from bookings.queries.team import Team, team_of
from bookings.views.browser import browser_of
from bookings.views.reader import reader_zone


@dataclass(frozen=True, slots=True)
class Visit:
    """Which calendar, read in which zone, with whom, when, and what this browser keeps.

    ``embedded``: inside another website, where the browser keeps nothing of ours.
    """

    request: HttpRequest
    calendar: Calendar
    team: Team
    zone: ZoneInfo
    now: datetime
    kept: Kept | None
    embedded: bool = False

    @property
    def host(self) -> Member | None:
        """The colleague who is asked for; an unknown name is nobody in particular."""
        asked = self.request.POST if self.request.method == "POST" else self.request.GET
        return self.member(asked.get("host", ""))

    def member(self, slug: str) -> Member | None:
        return next((member for member in self.team.choice if member.slug == slug), None)

    @property
    def hold(self) -> Hold | None:
        """What this browser keeps now, on whichever calendar."""
        return self.kept.hold if self.kept and self.kept.is_live else None

    @property
    def hold_uid(self) -> UUID | None:
        return self.hold.uid if self.hold else None

    def kept_for(self, start: datetime, host: Member | None) -> Kept | None:
        """What the browser keeps or kept, if it is this time with this host."""
        if self.kept is None:
            return None
        hold = self.kept.hold
        asked_for = hold.host_id if hold.asked_for else None
        is_this = (hold.calendar_id, hold.starts_at, asked_for) == (self.calendar.pk, start, host and host.pk)
        return self.kept if is_this else None

    def url(self, name: str) -> str:
        return reverse(f"bookings:{name}", args=[self.calendar.account.slug, self.calendar.slug])

    def render(self, template: str, context: Mapping[str, object], status: int = 200) -> HttpResponse:
        shown = {
            "calendar": self.calendar,
            "account": self.calendar.account,
            "terms": pages.terms_on_page(self.calendar),
            "zone": self.zone,
            "book_url": self.url("book"),
            "pick_url": self.url("book" if self.embedded else "hold"),
            "pick_method": "get" if self.embedded else "post",
            "embedded": self.embedded,
            **context,
        }
        response = render(self.request, template, shown, status=status)
        # not "no-store": going back to a sent form must find the same form, with the same key
        patch_cache_control(response, private=True, no_cache=True)
        patch_vary_headers(response, ("HX-Request", "Cookie"))
        return response

    def refuse(
        self, start: datetime, host: Member | None, codes: Iterable[str], form: BookingForm | None = None
    ) -> HttpResponse:
        """The page with other times; with a ``form``, each of its buttons books with the same answers."""
        others = alternatives(
            self.calendar, start, zone=self.zone, now=self.now, host=host, colleagues=self.team.choice
        )
        context = {"refusals": refusals(codes), "starts_at": start, "host": host, "form": form, "others": others}
        return self.render("bookings/taken.html", context, status=409)


def visit_to(request: HttpRequest, account: str, slug: str, *, embedded: bool = False) -> Visit:
    """Raises Http404 where there is no such page."""
    calendar = pages.public_calendar(account, slug)
    if calendar is None:
        raise Http404
    browser = browser_of(request)
    return Visit(
        request,
        calendar,
        team_of(calendar),
        reader_zone(request, calendar),
        timezone.now(),
        kept_by(browser) if browser and not embedded else None,
        embedded,
    )
