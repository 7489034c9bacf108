"""Narrowing the journal down. What cannot be understood is said, and narrows nothing."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.models import Connection, Decision, RemoteCalendar
from integrations.queries.journal import Filter

_LOGIN, _CALENDAR = "login-", "calendar-"


class JournalForm(forms.Form):
    """Sent by GET; an empty field asks for all."""

    calendar = forms.ChoiceField(label=gettext_lazy("Calendar"), required=False)
    decision = forms.ChoiceField(label=gettext_lazy("Decision"), required=False)
    since = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=gettext_lazy("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(
        self, *args: Any, connections: Iterable[Connection], calendars: Iterable[RemoteCalendar], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offered = _choices(connections, calendars)
        self.fields["calendar"].choices = [("", _("All calendars")), *offered]  # type: ignore[attr-defined]
        self.fields["decision"].choices = [("", _("All decisions")), *Decision.choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day lies before the first one."))
        return cleaned

    def wanted(self) -> Filter:
        cleaned = self.cleaned_data if self.is_bound else {}
        chosen = cleaned.get("calendar") or ""
        return Filter(
            connection=_number(chosen, _LOGIN),
            calendar=_number(chosen, _CALENDAR),
            decision=cleaned.get("decision") or "",
            since=cleaned.get("since"),
            until=cleaned.get("until"),
        )


def login_value(connection_pk: int) -> str:
    """What the field ``calendar`` holds for all calendars of a login."""
    return f"{_LOGIN}{connection_pk}"


def _choices(connections: Iterable[Connection], calendars: Iterable[RemoteCalendar]) -> list[tuple[str, Any]]:
    grouped = {pk: list(group) for pk, group in groupby(calendars, key=lambda remote: remote.connection_id)}
    return [
        (
            f"{connection.username}, {connection.where}",
            [
                (login_value(connection.pk), _("All of %(login)s") % {"login": connection.username}),
                *((f"{_CALENDAR}{remote.pk}", remote.name) for remote in grouped.get(connection.pk, ())),
            ],
        )
        for connection in connections
    ]


def _number(chosen: str, kind: str) -> int | None:
    return int(chosen.removeprefix(kind)) if chosen.startswith(kind) else None
