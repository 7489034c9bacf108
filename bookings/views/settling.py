"""What becomes of somebody's appointments: choose for each, see everything that would happen, let it happen.

The three steps that "I am ill today" and a member who leaves have in common; nothing is written before the last.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.access import StaffRequest, shell
from accounts.models import Member
from bookings.forms.absence import FatesForm, Unknown, decisions_sent
from bookings.forms.staff import ReasonForm
from bookings.models import Appointment
from bookings.queries.absence import MOST, Affected, with_colleagues
from bookings.queries.absence_mails import MailAhead, mails_of_cancelling, mails_of_giving
from bookings.services.absence import Decision, Fate, Outcome


@dataclass(frozen=True, slots=True)
class Planned:
    decision: Decision
    mails: tuple[MailAhead, ...]

    @property
    def sent(self) -> str:
        """The decision as the form sends it."""
        to = self.decision.to
        return f"{self.decision.fate.value}:{to.slug}" if to else self.decision.fate.value


@dataclass(frozen=True, kw_only=True)
class Settling:
    """One request about the appointments of ``absent``, whose pages are named after ``templates``."""

    request: StaffRequest
    absent: Member
    appointments: Sequence[Appointment]
    zone: ZoneInfo
    now: datetime
    templates: str
    context: Mapping[str, object]

    @cached_property
    def shown(self) -> Sequence[Appointment]:
        """As many as a page holds."""
        return self.appointments[:MOST]

    def choose(self, status: int = 200) -> HttpResponse:
        """The list; ``same`` sets all choices alike."""
        sent, same = self.request.POST, self.request.POST.get("same", "")
        given = {name: value for name, value in sent.items() if name == "reason" or not same}
        form = FatesForm(affected=self._affected(), same=same, initial=given)
        return self._list(form, status)

    def preview(self) -> HttpResponse:
        form = FatesForm(self.request.POST, affected=self._affected())
        if not form.is_valid():
            return self._list(form, 422)
        planned = [Planned(one, self._mails(one)) for one in form.decisions()]
        context = {
            "planned": planned,
            "counts": {fate.value: sum(one.decision.fate is fate for one in planned) for fate in Fate},
            "mails": sum(len(one.mails) for one in planned),
            "reason": form.cleaned_data["reason"],
        }
        return self.render("preview", context)

    def decided(self) -> tuple[tuple[Decision, ...], str]:
        """What the preview sent: the decisions and the sentence for customers."""
        form = ReasonForm(self.request.POST)
        try:
            decisions = decisions_sent(self.request.POST.dict(), absent=self.absent)
        except Unknown:
            raise Http404 from None
        return decisions, form.cleaned_data["reason"] if form.is_valid() else ""

    def done(self, outcome: Outcome, more: Mapping[str, object]) -> HttpResponse:
        return self.render("done", {"outcome": outcome, **more})

    def render(self, page: str, context: Mapping[str, object], status: int = 200) -> HttpResponse:
        shared = {**shell(self.request), "absent": self.absent, "zone": self.zone, "now": self.now, **self.context}
        shared["is_own"] = self.absent.user_id == self.request.member.user_id
        with timezone.override(self.zone):
            return render(self.request, f"bookings/{self.templates}_{page}.html", {**shared, **context}, status=status)

    def _affected(self) -> tuple[Affected, ...]:
        return with_colleagues(self.shown, absent=self.absent, now=self.now)

    def _list(self, form: FatesForm, status: int) -> HttpResponse:
        context = {
            "fates": form,
            "form": form,
            "further": len(self.appointments) - len(self.shown),
            "can_give": any(one.colleagues for one in form.affected),
        }
        return self.render("choose", context, status)

    def _mails(self, one: Decision) -> tuple[MailAhead, ...]:
        if one.fate is Fate.CANCEL:
            return mails_of_cancelling(one.appointment, doer=self.request.member)
        if one.fate is Fate.GIVE and one.to:
            return mails_of_giving(one.appointment, one.to, doer=self.request.member)
        return ()
