"""Who serves a calendar: the members of the account, each with what they do on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from availability.forms.calendar_types import WITH_ONE_HOST, WITH_PRIORITIES
from availability.models import CalendarMember, CalendarType, Priority
from availability.queries.calendars import TeamMember
from availability.services.save_calendar import MemberChoice

MOST_PLACES = 999
NOT_HERE = gettext_lazy("Somebody you chose is not a member of this account.")
NOT_THEIRS = gettext_lazy("This schedule belongs to somebody else. Choose one of their own.")


@dataclass(frozen=True, slots=True)
class Row:
    """One member on the page; what the type does not use is None."""

    one: TeamMember
    is_chosen: bool
    is_lead: bool
    schedule: BoundField
    position: BoundField | None
    priority: BoundField | None
    fixed: BoundField | None


class TeamForm(forms.Form):
    """``members`` and ``lead`` hold member ids; ``schedule_7``, ``priority_7``, … are what member 7 does."""

    members = forms.MultipleChoiceField(
        label=gettext_lazy("Who serves it"),
        error_messages={
            "required": gettext_lazy("Choose at least one member. Without a host nothing can be booked."),
            "invalid_choice": NOT_HERE,
        },
    )
    lead = forms.MultipleChoiceField(
        label=gettext_lazy("Lead"),
        required=False,
        error_messages={"invalid_choice": NOT_HERE},
    )

    def __init__(self, *args: Any, kind: CalendarType, team: Sequence[TeamMember], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.team = kind, team
        choices = [(str(one.member.pk), one.member.user.name) for one in team]
        for name, chosen in (("members", _chosen(team)), ("lead", _leads(team))):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
            self.initial[name] = chosen
        if kind != CalendarType.COLLECTIVE:
            del self.fields["lead"]
        for number, one in enumerate(team, start=1):
            self._add_fields_of(one, number)

    @property
    def has_one_host(self) -> bool:
        return self.kind in WITH_ONE_HOST

    @property
    def rows(self) -> list[Row]:
        chosen = {str(value) for value in self["members"].value() or ()}
        leads = {str(value) for value in self["lead"].value() or ()} if "lead" in self.fields else set()
        return [
            Row(
                one,
                is_chosen=str(one.member.pk) in chosen,
                is_lead=str(one.member.pk) in leads,
                schedule=self[f"schedule_{one.member.pk}"],
                **{name: self._bound(f"{name}_{one.member.pk}") for name in ("position", "priority", "fixed")},
            )
            for one in self.team
        ]

    @property
    def changed_names(self) -> set[str]:
        """What differs from what is saved, of those who are chosen alone."""
        chosen = {str(value) for value in self["members"].value() or ()}
        return {name for name in self.changed_data if name in ("members", "lead") or name.partition("_")[2] in chosen}

    def clean_members(self) -> list[str]:
        members: list[str] = self.cleaned_data["members"]
        if self.has_one_host and len(set(members)) > 1:
            raise ValidationError(_("This type of calendar has exactly one host. Choose one of them."))
        return members

    def clean(self) -> None:
        self._forget_errors_of_others()
        members = self.cleaned_data.get("members")
        if not members:
            return
        if self.kind == CalendarType.ROUND_ROBIN:
            self._clean_rotation(members)
        if self.kind == CalendarType.COLLECTIVE and "lead" in self.cleaned_data:
            self._clean_lead(members)

    def choices(self) -> list[MemberChoice]:
        """What was chosen, in team order. What the type does not use stays as it was."""
        chosen = [one for one in self.team if str(one.member.pk) in self.cleaned_data["members"]]
        return [self._choice(one) for one in sorted(chosen, key=self._place_in_order)]

    def _add_fields_of(self, one: TeamMember, number: int) -> None:
        pk, name, place = one.member.pk, one.member.user.name, one.place or CalendarMember()
        fields: dict[str, tuple[forms.Field, object]] = {
            "schedule": (_schedule_field(one), str(place.schedule_id or ""))
        }
        if not self.has_one_host:
            fields["position"] = (_position_field(), number)
        if self.kind in WITH_PRIORITIES:
            fields["priority"] = (_priority_field(), str(int(place.priority)))
        if self.kind == CalendarType.ROUND_ROBIN:
            fields["fixed"] = (_fixed_field(), place.is_fixed)
        for part, (field, initial) in fields.items():
            # for the summary on top, where the row's heading is out of sight
            field.widget.attrs["aria-label"] = f"{field.label}, {name}"
            self.fields[f"{part}_{pk}"], self.initial[f"{part}_{pk}"] = field, initial

    def _bound(self, name: str) -> BoundField | None:
        return self[name] if name in self.fields else None

    def _forget_errors_of_others(self) -> None:
        """What was typed for somebody who does not serve the calendar is nobody's business."""
        chosen = set(self["members"].value() or ())
        for name in list(self.errors):
            part, _sign, pk = name.partition("_")
            if part in ("schedule", "position", "priority", "fixed") and pk not in chosen:
                del self.errors[name]

    def _clean_rotation(self, members: list[str]) -> None:
        if all(self.cleaned_data.get(f"fixed_{pk}") for pk in members):
            self.add_error(
                "members", _("All of them always take part, so nobody is left to rotate. Untick it for one of them.")
            )

    def _clean_lead(self, members: list[str]) -> None:
        leads = set(self.cleaned_data["lead"])
        if not leads:
            self.add_error("lead", _("Choose who leads: the one host who answers for the appointment."))
        elif len(leads) > 1:
            self.add_error("lead", _("A collective calendar has exactly one lead. Choose one of them."))
        elif not leads <= set(members):
            self.add_error("lead", _("The lead must be one of those who serve the calendar."))

    def _place_in_order(self, one: TeamMember) -> int:
        position: int | None = self.cleaned_data.get(f"position_{one.member.pk}")
        return MOST_PLACES + 1 if position is None else position

    def _choice(self, one: TeamMember) -> MemberChoice:
        pk, place = one.member.pk, one.place or CalendarMember()
        schedule = self.cleaned_data.get(f"schedule_{pk}")
        priority = self.cleaned_data.get(f"priority_{pk}")
        lead = self.cleaned_data.get("lead")
        return MemberChoice(
            member=one.member,
            schedule=next((own for own in one.schedules if str(own.pk) == schedule), None),
            priority=int(priority) if priority else place.priority,
            is_fixed=self.cleaned_data.get(f"fixed_{pk}", place.is_fixed),
            is_lead=place.is_lead if lead is None else str(pk) in lead,
        )


def _chosen(team: Sequence[TeamMember]) -> list[str]:
    """Who serves it now; where there is only one to choose from, that one."""
    serving = [str(one.member.pk) for one in team if one.place]
    return serving or ([str(team[0].member.pk)] if len(team) == 1 else [])


def _leads(team: Sequence[TeamMember]) -> list[str]:
    leading = [str(one.member.pk) for one in team if one.place and one.place.is_lead]
    return leading or ([str(team[0].member.pk)] if len(team) == 1 else [])


def _schedule_field(one: TeamMember) -> forms.Field:
    usual = next((own for own in one.schedules if own.is_default), None)
    default = _("Default: %(name)s") % {"name": usual.name} if usual else _("Default: no hours yet")
    return forms.ChoiceField(
        label=gettext_lazy("Schedule"),
        required=False,
        choices=[("", default), *((str(own.pk), own.name) for own in one.schedules)],
        widget=forms.Select(attrs={"data-width": "auto"}),
        error_messages={"invalid_choice": NOT_THEIRS},
    )


def _position_field() -> forms.Field:
    said = gettext_lazy("A number from 1 to 999.")
    return forms.IntegerField(
        label=gettext_lazy("Order"),
        required=False,
        min_value=1,
        max_value=MOST_PLACES,
        widget=forms.NumberInput(attrs={"data-width": "auto", "inputmode": "numeric"}),
        error_messages={"invalid": said, "min_value": said, "max_value": said},
    )


def _priority_field() -> forms.Field:
    return forms.ChoiceField(
        label=gettext_lazy("Priority"),
        required=False,
        choices=sorted(Priority.choices, reverse=True),
        widget=forms.Select(attrs={"data-width": "auto"}),
        error_messages={"invalid_choice": gettext_lazy("Choose low, medium or high.")},
    )


def _fixed_field() -> forms.Field:
    return forms.BooleanField(label=gettext_lazy("Always takes part"), required=False)
