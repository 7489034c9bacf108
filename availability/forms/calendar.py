"""The calendar editor: what a calendar is, by which rules it can be booked, and who serves it."""

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import chain
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.forms.boundfield import BoundField
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from availability.forms.calendar_members import TeamForm
from availability.forms.calendar_types import settings_of
from availability.forms.calendar_words import ERROR_MESSAGES, HELP_TEXTS, LABELS, NO_BUFFER, NO_LENGTH, NO_NOTICE
from availability.forms.currencies import CURRENCIES
from availability.forms.durations import LengthField
from availability.models import Calendar, CalendarType, DateRange, PlaceKind
from availability.models.calendar import DAY, LONGEST_BUFFER, LONGEST_HORIZON_DAYS, MINUTE
from availability.queries.calendars import (
    LONGEST_SLUG,
    TeamMember,
    coming_appointments,
    slug_is_taken,
    team_of,
)
from availability.services.save_calendar import HasComingAppointments, MemberChoice, SlugTaken

PLACEHOLDERS = frozenset(("calendar", "customer"))
_LENGTHS = ("duration", "interval", "buffer_before", "buffer_after", "minimum_notice")
_DATE = forms.DateInput(attrs={"type": "date", "data-width": "auto"}, format="%Y-%m-%d")
_COUNT = {"data-width": "time", "inputmode": "numeric"}


class SettingsForm(forms.ModelForm[Calendar]):
    """Everything but the members. Which fields there are depends on the type; the others stay as they are.

    ``edition`` names what was edited; a calendar that is new has none yet.
    """

    edition = forms.IntegerField(
        min_value=1,
        widget=forms.HiddenInput,
        error_messages={"required": gettext_lazy("This page is not complete any more. Load it again.")},
    )
    hidden = forms.BooleanField(label=LABELS["hidden"], help_text=HELP_TEXTS["hidden"], required=False)

    class Meta:
        model = Calendar
        fields = (
            *("type", "name", "slug", "description", "category", "price", "currency"),
            *("assignment_mode", "lead_cap", "keeps_host", "seats", "shows_seats"),
            *("duration", "interval", "buffer_before", "buffer_after", "minimum_notice"),
            *("date_range", "horizon_days", "range_first", "range_last", "day_limit", "week_limit", "look_busy"),
            *("place_kind", "place", "title_template", "customer_detail", "time_zone_locked"),
        )
        labels = LABELS
        help_texts = HELP_TEXTS
        error_messages = ERROR_MESSAGES
        field_classes = dict.fromkeys(_LENGTHS, LengthField)
        localized_fields = ("price",)
        widgets = {
            "type": forms.HiddenInput,
            "description": forms.Textarea(attrs={"rows": 4}),
            "price": forms.TextInput(attrs={"inputmode": "decimal", "data-width": "time"}),
            "currency": forms.TextInput(attrs={"data-width": "time", "autocapitalize": "characters"}),
            "assignment_mode": forms.RadioSelect,
            "date_range": forms.RadioSelect,
            "range_first": _DATE,
            "range_last": _DATE,
            **{
                name: forms.NumberInput(attrs=_COUNT)
                for name in ("lead_cap", "seats", "horizon_days", "day_limit", "week_limit", "look_busy")
            },
        }

    def __init__(self, *args: Any, kind: CalendarType, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.now = kind, now
        self.was, self.is_new = copy(self.instance), self.instance.pk is None
        self.initial.update(type=kind, edition=self.instance.edition, hidden=bool(self.instance.hidden_at))
        for name in set(self.fields) - settings_of(kind):
            del self.fields[name]
        if self.is_new:
            del self.fields["edition"]
        self._shape_fields()

    def clean_type(self) -> str:
        kind: str = self.cleaned_data["type"]
        coming = 0 if self.is_new or kind == self.was.type else coming_appointments(self.was, now=self.now)
        if coming:
            raise type_stays(coming)
        return kind

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"] or slugify(self.cleaned_data.get("name", ""))[:LONGEST_SLUG].strip("-")
        if not slug and "name" in self.cleaned_data:
            raise ValidationError(_("We could not make an address from the name. Please write one."))
        if slug and slug_is_taken(self.was.account, slug, by_other_than=self.was):
            raise slug_taken(slug)
        return slug

    def clean_price(self) -> Decimal | None:
        price: Decimal | None = self.cleaned_data["price"]
        if price is not None and price < 0:
            raise ValidationError(_("A price is not below 0."))
        return price

    def clean_currency(self) -> str:
        currency: str = self.cleaned_data["currency"].upper()
        if currency not in CURRENCIES:
            raise ValidationError(_("We do not know this currency. Write its three letters, such as EUR, CHF or GBP."))
        return currency

    def clean_horizon_days(self) -> int:
        days: int | None = self.cleaned_data["horizon_days"]
        if days is None and self.cleaned_data.get("date_range") != DateRange.FIXED:
            raise ValidationError(_("How many days ahead can be booked? Example: 60"))
        return self.was.horizon_days if days is None else days

    def clean_title_template(self) -> str:
        template: str = self.cleaned_data["title_template"]
        try:
            parts = list(Formatter().parse(template))
        except ValueError:
            raise ValidationError(_("A brace is missing. Write {calendar} or {customer}.")) from None
        named = [(name, form, conversion) for _text, name, form, conversion in parts if name is not None]
        if any(name not in PLACEHOLDERS or form or conversion for name, form, conversion in named):
            raise ValidationError(_("Only {calendar} and {customer} are filled in. Take out the other braces."))
        return template

    def clean(self) -> dict[str, Any]:
        self._clean_range()
        self._clean_place()
        return self.cleaned_data

    def settings(self) -> dict[str, object]:
        """By the model's field names, for the services."""
        values = {name: value for name, value in self.cleaned_data.items() if name not in ("hidden", "edition")}
        since = self.was.hidden_at or self.now
        return {**values, "hidden_at": since if self.cleaned_data["hidden"] else None}

    def _post_clean(self) -> None:
        """Of a field the form has spoken about, the model says nothing more."""
        spoken = {name: copy(said) for name, said in self.errors.items()}
        super()._post_clean()  # type: ignore[misc]
        self.errors.update(spoken)

    def _shape_fields(self) -> None:
        self.fields["slug"].required = not self.is_new
        self.fields["horizon_days"].required = False
        for name in ("duration", "interval"):
            self._length(name).keep_within(MINUTE, DAY, NO_LENGTH)
        for name in ("buffer_before", "buffer_after"):
            self._length(name).keep_within(timedelta(), LONGEST_BUFFER, NO_BUFFER)
        self._length("minimum_notice").keep_within(timedelta(), LONGEST_HORIZON_DAYS * DAY, NO_NOTICE)

    def _length(self, name: str) -> LengthField:
        field = self.fields[name]
        assert isinstance(field, LengthField)  # noqa: S101
        return field

    def _clean_range(self) -> None:
        """That there are two ends in their order is the model's to say."""
        last = self.cleaned_data.get("range_last")
        today = self.now.astimezone(ZoneInfo(str(self.was.account.time_zone))).date()
        if last and last > today + LONGEST_HORIZON_DAYS * DAY:
            self.add_error("range_last", _("This is more than two years away. Choose a day before that."))

    def _clean_place(self) -> None:
        kind, place = self.cleaned_data.get("place_kind"), self.cleaned_data.get("place")
        if kind == PlaceKind.LINK and place is not None:
            try:
                URLValidator(schemes=("http", "https"))(place)
            except ValidationError:
                self.add_error("place", _("This is not a whole link. Example: https://meet.example.org/practice"))
        if kind == PlaceKind.THEY_CALL and not place:
            self.add_error("place", _("Which number do customers call? Please write it here."))


def editor_for(
    calendar: Calendar, *, data: Mapping[str, Any] | None = None, wanted_type: str | None = None, now: datetime
) -> "CalendarEditor":
    """The editor of a calendar, which may be new, with what was sent, as ``wanted_type`` would have it."""
    kind = CalendarType(wanted_type if wanted_type and wanted_type in CalendarType else calendar.type)
    team = team_of(calendar.account, calendar if calendar.pk else None)
    return CalendarEditor(data, calendar=calendar, kind=kind, team=team, now=now)


class CalendarEditor:
    """Settings and members as the one form they are on the page."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        calendar: Calendar,
        kind: CalendarType,
        team: Sequence[TeamMember],
        now: datetime,
    ) -> None:
        self.kind = kind
        # the form writes into its instance; whoever asked goes on with what is saved
        self.settings = SettingsForm(data, instance=copy(calendar), kind=kind, now=now)
        self.team = TeamForm(data, kind=kind, team=team)

    def __iter__(self) -> Iterator[BoundField]:
        return chain(self.settings, self.team)

    def __getitem__(self, name: str) -> BoundField:
        return self.settings[name] if name in self.settings.fields else self.team[name]

    def is_valid(self) -> bool:
        # both say what is wrong, not only the first
        return all([self.settings.is_valid(), self.team.is_valid()])

    @property
    def errors(self) -> dict[str, Any]:
        return {**self.team.errors, **self.settings.errors}

    def non_field_errors(self) -> list[str]:
        return [*self.settings.non_field_errors(), *self.team.non_field_errors()]

    def explain(self, refused: SlugTaken | HasComingAppointments) -> None:
        """Somebody was quicker than this request: the same message as if they had been so long before."""
        if isinstance(refused, SlugTaken):
            self.settings.add_error("slug", slug_taken(self.settings.cleaned_data["slug"]))
        else:
            self.settings.add_error("type", type_stays(refused.number))

    @property
    def edition(self) -> int:
        edition: int = self.settings.cleaned_data["edition"]
        return edition

    def values(self) -> tuple[dict[str, object], list[MemberChoice]]:
        """Settings and team, as the services take them."""
        return self.settings.settings(), self.team.choices()

    def changed_labels(self) -> list[str]:
        """What was typed and differs from what the calendar says."""
        changed = {*self.settings.changed_data, *self.team.changed_names} - {"edition"}
        labels = [
            str(field.field.widget.attrs.get("aria-label") or field.label) for field in self if field.name in changed
        ]
        return list(dict.fromkeys(labels))


def slug_taken(slug: str) -> ValidationError:
    said = _("Another calendar of this account has the address “%(slug)s”. Choose another.")
    return ValidationError(said % {"slug": slug})


def type_stays(coming: int) -> ValidationError:
    said = ngettext(
        "%(count)s appointment is still to come, so the type cannot change yet. Duplicate the calendar instead.",
        "%(count)s appointments are still to come, so the type cannot change yet. Duplicate the calendar instead.",
        coming,
    )
    return ValidationError(said % {"count": coming})
