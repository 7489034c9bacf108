"""Where staff choose a time: the free ones, any other, and what stands against it before they take it knowingly."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import StaffRequest, shell
from accounts.models import Member
from availability.models import Calendar
from availability.queries.explanation_start import explain_start
from bookings.forms.appointment import day_if_any, parse_start
from bookings.forms.staff import MomentForm, not_over
from bookings.queries.offer import offer
from bookings.queries.staff import HostChoice, host_choice
from bookings.queries.team import team_of

# of a form that is sent again these are said anew
_ANEW = ("csrfmiddlewaretoken", "overbook", "host")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One request for a time of ``calendar``, read in the account's zone; ``besides``: what is moved."""

    request: StaffRequest
    calendar: Calendar
    hosts: HostChoice
    zone: ZoneInfo
    now: datetime
    besides: UUID | None = None

    @property
    def host(self) -> Member | None:
        """Who is asked for; a name that cannot be chosen does not exist."""
        slug = self.request.POST.get("host", self.request.GET.get("host", ""))
        for member in (*self.hosts.choice, *([self.hosts.usual] if self.hosts.usual else [])):
            if member.slug == slug:
                return member
        if slug:
            raise Http404
        return self.hosts.usual

    @property
    def overbook(self) -> str:
        """The fingerprint of the reasons that were seen; empty for whoever does not overbook."""
        return self.request.POST.get("overbook", "")

    def start(self, text: str) -> datetime | None:
        """The time that was chosen; None, and a message, if it cannot be one."""
        try:
            return not_over(parse_start(text), self.calendar, self.now)
        except ValidationError as error:
            messages.error(self.request, error.messages[0])
            return None

    def render(self, template: str, context: Mapping[str, object], status: int = 200) -> HttpResponse:
        shared = {
            **shell(self.request),
            "account": self.calendar.account,
            "calendar": self.calendar,
            "hosts": self.hosts.choice,
            "host": self.host,
            "zone": self.zone,
            "now": self.now,
        }
        with timezone.override(self.zone):
            return render(self.request, template, {**shared, **context}, status=status)

    def times(self, template: str, context: Mapping[str, object]) -> HttpResponse:
        """The free times; ``on`` and ``at`` name any other, which leads on as a free one does."""
        typed = MomentForm(self.request.GET if "on" in self.request.GET else None, zone=self.zone)
        if typed.is_valid():
            return self._chosen(typed.cleaned_data["start"])
        asked, day = (day_if_any(self.request.GET.get(name, "")) for name in ("from", "day"))
        shown = offer(
            self.calendar, zone=self.zone, now=self.now, host=self.host, asked=asked, day=day, besides=self.besides
        )
        picker = {"offer": shown, "typed": typed, "pick_method": "get", "pick_url": self.request.path}
        if self.request.headers.get("HX-Target") == "when":
            return self.render("bookings/parts/when_changed.html", picker)
        return self.render(template, {**context, **picker}, 422 if typed.is_bound else 200)

    def reasons(self, template: str, starts_at: datetime, context: Mapping[str, object]) -> HttpResponse:
        """What stands against it, all of it, and the ways to take it all the same (B10)."""
        found = explain_start(
            self.calendar,
            starts_at,
            zone=self.zone,
            now=self.now,
            reader=self.request.member,
            host=self.host,
            besides=self.besides,
        )
        sent = [(name, value) for name, values in self.request.POST.lists() for value in values if name not in _ANEW]
        shown = {
            "starts_at": starts_at,
            "ends_at": starts_at + self.calendar.duration,
            "found": found,
            "shown": found.shown,
            "sent": sent,
            "has_changed": bool(self.overbook),
        }
        return self.render(template, {**context, **shown}, status=409)

    def _chosen(self, start: datetime) -> HttpResponse:
        asked = {"start": start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
        if self.host:
            asked["host"] = self.host.slug
        return redirect(f"{self.request.path}?{urlencode(asked)}")


def desk_for(
    request: StaffRequest, calendar: Calendar, *, current: Member | None = None, besides: UUID | None = None
) -> Desk:
    return Desk(
        request=request,
        calendar=calendar,
        hosts=host_choice(request.member, team_of(calendar), current=current),
        zone=ZoneInfo(str(calendar.account.time_zone)),
        now=timezone.now(),
        besides=besides,
    )
