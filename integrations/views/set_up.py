"""Setting up a connection in four steps: linked calendar, your calendar, sync options, confirmation.

The answers so far stand in the session; nothing is stored before the last step.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import StaffRequest, member_page, shell
from integrations.forms.set_up import AccountsForm, LinkedForm, OptionsForm
from integrations.models import CalendarConfiguration, Connection
from integrations.queries.configuration import choices_of, stale_before
from integrations.queries.connections import members_using
from integrations.services.configure import CannotBeChosen
from integrations.services.dry_run import dry_run, needs_reading
from integrations.services.set_up import Plan, set_up
from integrations.views.owned import back_to, owned

LINKED, YOURS, OPTIONS, CONFIRM = STEPS = ("linked", "yours", "options", "confirmation")
_KEPT = "setting_up"
_NOT_ANSWERS = ("csrfmiddlewaretoken", "account", "back")


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: StaffRequest, pk: int, name: str) -> HttpResponse:
    """One of STEPS. ``back`` in what is sent goes back and keeps the answers, right or wrong."""
    wizard = Wizard(request, owned(request, pk), now=timezone.now())
    if name not in STEPS:
        raise Http404
    missing = wizard.first_missing(before=name)
    if missing is not None:
        return wizard.go(missing)
    if request.method != "POST":
        return wizard.shown(name)
    if name == CONFIRM:
        return _finish(request, wizard)
    wizard.answer(name, request.POST)
    if "back" in request.POST:
        return wizard.go(STEPS[max(STEPS.index(name) - 1, 0)])
    if not wizard.form(name).is_valid():
        return wizard.shown(name)
    return wizard.go(STEPS[STEPS.index(name) + 1])


@member_page
@require_safe
def trial(request: StaffRequest, pk: int) -> HttpResponse:
    """The numbers of the dry run, asked for by the confirmation where the server must be asked for them."""
    wizard = Wizard(request, owned(request, pk), now=timezone.now())
    missing = wizard.first_missing(before=CONFIRM)
    return wizard.go(missing) if missing is not None else wizard.shown(CONFIRM, counted=True)


def _finish(request: StaffRequest, wizard: "Wizard") -> HttpResponse:
    try:
        set_up(wizard.plan, now=wizard.now)
    except CannotBeChosen:
        messages.error(request, _("A calendar you chose cannot be used any more. Please look at your choice again."))
        return wizard.go(LINKED)
    wizard.forget()
    said = _("%(login)s is set up and being read now.") % {"login": wizard.connection.username}
    messages.success(request, said)
    seen = wizard.connection.looked_at
    watched = {"reading": wizard.connection.pk, **({"seen": seen.isoformat()} if seen else {})}
    part = f"&{urlencode(watched)}#connection-{wizard.connection.pk}"
    return back_to(request, "integrations:integrations", part=part)


@dataclass
class Wizard:
    """What somebody has answered about ``connection`` so far."""

    request: StaffRequest
    connection: Connection
    now: datetime

    @cached_property
    def linked(self) -> LinkedForm:
        member = self.request.member
        choices = choices_of(member, now=self.now, connection=self.connection)
        elsewhere = CalendarConfiguration.objects.filter(member=member, primary__isnull=False)
        return LinkedForm(self._sent(LINKED), choices=choices, has_primary=elsewhere.exists())

    @cached_property
    def accounts(self) -> AccountsForm:
        using = {self.request.member.pk, *members_using(self.connection)}
        return AccountsForm(self._sent(YOURS), members=self.request.members, chosen=using)

    @cached_property
    def options(self) -> OptionsForm:
        chosen = self.linked.calendars() if self.linked.is_valid() else []
        written_to = self.linked.cleaned_data["linked"] if self.linked.is_valid() else None
        return OptionsForm(self._sent(OPTIONS), connection=self.connection, linked=written_to, calendars=chosen)

    def form(self, name: str) -> LinkedForm | AccountsForm | OptionsForm:
        if name == LINKED:
            return self.linked
        return self.accounts if name == YOURS else self.options

    @property
    def plan(self) -> Plan:
        """When nothing is missing."""
        written_to = self.options.written_to()
        return Plan(
            connection=self.connection,
            linked=written_to,
            checked=self.linked.read_beside(written_to),
            members=self.accounts.members(),
            settings=self.options.settings(),
            shared=self.options.shared_calendars(),
        )

    def first_missing(self, *, before: str) -> str | None:
        """The first step before this one that is not answered yet, or not any more."""
        return next((one for one in STEPS[: STEPS.index(before)] if not self.form(one).is_valid()), None)

    def answer(self, name: str, sent: QueryDict) -> None:
        kept = sent.copy()
        for field in _NOT_ANSWERS:
            kept.pop(field, None)
        all_kept = self.request.session.setdefault(_KEPT, {})
        all_kept[str(self.connection.pk)] = {**self._answers, name: kept.urlencode()}
        self.request.session.modified = True
        for form in ("linked", "accounts", "options"):
            self.__dict__.pop(form, None)

    def forget(self) -> None:
        self.request.session.get(_KEPT, {}).pop(str(self.connection.pk), None)
        self.request.session.modified = True

    def go(self, name: str) -> HttpResponse:
        return back_to(self.request, "integrations:set-up", self.connection.pk, name)

    def shown(self, name: str, *, counted: bool = False) -> HttpResponse:
        form = None if name == CONFIRM else self.form(name)
        context = {
            **shell(self.request),
            "connection": self.connection,
            "now": self.now,
            "form": form,
            "step": name,
            "steps": self._progress(name),
            **(self._confirmation(counted=counted) if name == CONFIRM else self._about(name)),
        }
        refused = self.request.method == "POST" and form is not None and form.errors
        return render(self.request, f"integrations/set_up_{name}.html", context, status=422 if refused else 200)

    @property
    def _answers(self) -> dict[str, str]:
        answers: dict[str, str] = self.request.session.get(_KEPT, {}).get(str(self.connection.pk), {})
        return answers

    def _sent(self, name: str) -> QueryDict | None:
        return QueryDict(self._answers[name]) if name in self._answers else None

    def _progress(self, name: str) -> Sequence[dict[str, object]]:
        titles = (_("Linked calendar"), _("Your calendar"), _("Sync options"), _("Confirmation"))
        here = STEPS.index(name)
        numbered = enumerate(zip(STEPS, titles, strict=True))
        return [
            {"name": one, "title": title, "is_done": number < here, "is_here": number == here}
            for number, (one, title) in numbered
        ]

    def _about(self, name: str) -> dict[str, object]:
        if name == LINKED:
            return {"choices": self.linked.choices, "stale_before": stale_before(self.request.member, now=self.now)}
        if name == YOURS:
            written = CalendarConfiguration.objects.filter(member__in=self.request.members, primary__isnull=False)
            primaries = {one.member_id: one.primary for one in written.select_related("primary__connection")}
            return {"places": [(member, primaries.get(member.pk)) for member in self.request.members]}
        return {}

    def _confirmation(self, *, counted: bool) -> dict[str, object]:
        plan = self.plan
        asks = needs_reading(plan) and not counted
        try:
            run = None if asks else dry_run(plan, now=self.now)
        except CannotBeChosen:
            run = None
        return {"plan": plan, "run": run, "asks": asks}
