"""The openings of a day as people type them, and what is not right with them yet."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from availability.core.hours import DayHours, Opening
from availability.core.week_picture import DAY_MINUTES, clock, overlapping, times_of

MOST_OPENINGS = 24
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::00)?")


@dataclass(frozen=True, slots=True)
class TypedOpening:
    opens: str = ""
    closes: str = ""

    def __bool__(self) -> bool:
        return bool(self.opens or self.closes)


@dataclass(frozen=True, slots=True)
class TypedHours:
    """What stands in the fields of a day, right or not. A closed one keeps a row, so that opening it shows hours."""

    is_open: bool
    openings: tuple[TypedOpening, ...]

    @classmethod
    def of(cls, openings: Iterable[Opening]) -> "TypedHours":
        typed = tuple(TypedOpening(clock(opens), clock(closes)) for opens, closes in sorted(openings))
        return cls(bool(typed), typed or _PROPOSED)

    def with_one_more(self) -> "TypedHours":
        """An empty row below, or on a closed day the hours that are proposed."""
        if not self.is_open:
            return replace(self, is_open=True)
        return replace(self, openings=(*filter(None, self.openings), TypedOpening()))

    def without(self, position: int) -> "TypedHours":
        """Without a row; nothing is left of the last one but a closed day."""
        left = self.openings[:position] + self.openings[position + 1 :]
        return replace(self, openings=left) if left else TypedHours(False, _PROPOSED)

    def after(self, step: str, position: str = "") -> "TypedHours":
        """After "add" or "remove" of the row at ``position``; as it is for anything else."""
        if step == "add":
            return self.with_one_more()
        if step == "remove" and position.isdecimal() and len(position) < 4:
            return self.without(int(position))
        return self

    def readable(self) -> Iterator[Opening]:
        """What can be drawn already, whatever else is still missing."""
        for typed in self.openings if self.is_open else ():
            opens, closes = minute(typed.opens), minute(typed.closes)
            if opens is not None and closes is not None and opens < DAY_MINUTES:
                yield Opening(opens, closes)


_PROPOSED = (TypedOpening("09:00", "17:00"),)


class HoursWidget(forms.Widget):
    """``<name>_on``: whether the day is open; ``<name>_opens`` and ``<name>_closes``, once for each opening."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> TypedHours:
        begun = data.getlist(f"{name}_opens")
        ended = data.getlist(f"{name}_closes")
        # one more than may be, so that too many are seen to be too many
        pairs = list(zip_longest(begun, ended, fillvalue=""))[: MOST_OPENINGS + 1]
        openings = tuple(TypedOpening(opens.strip(), closes.strip()) for opens, closes in pairs)
        return TypedHours(data.get(f"{name}_on", "") == "on", openings or _PROPOSED)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False


class HoursField(forms.Field):
    """Gives the openings of a day, none if it is closed. Errors name the rows they concern in ``params["rows"]``."""

    widget = HoursWidget
    default_error_messages = {
        "none": gettext_lazy("There are no hours on this day yet. Add some, or switch the day off."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def clean(self, value: TypedHours) -> tuple[Opening, ...]:
        if not value.is_open:
            return ()
        read = {row: _opening(row, typed) for row, typed in enumerate(value.openings) if typed}
        errors = [one for one in read.values() if isinstance(one, ValidationError)]
        if not read:
            errors.append(ValidationError(self.error_messages["none"], params={"rows": range(len(value.openings))}))
        if len(read) > MOST_OPENINGS:
            errors.append(_too_many(read))
        openings = {row: one for row, one in read.items() if isinstance(one, Opening)}
        errors.extend(_overlaps(openings))
        if errors:
            raise ValidationError(errors)
        return tuple(sorted(openings.values()))


@dataclass(frozen=True, slots=True)
class Row:
    """A typed opening in the page; ``is_bad`` where a message concerns it."""

    opens: str
    closes: str
    is_bad: bool
    has_focus: bool = False


def rows_of(field: forms.BoundField, *, focus_last: bool = False) -> list[Row]:
    hours: TypedHours = field.value()
    errors = field.form.errors.as_data().get(field.name, []) if field.form.is_bound else []
    bad = {row for error in errors for row in (error.params or {}).get("rows", ())}
    last = len(hours.openings) - 1
    return [
        Row(typed.opens, typed.closes, row in bad, focus_last and row == last)
        for row, typed in enumerate(hours.openings)
    ]


def minute(typed: str) -> int | None:
    """Minutes from midnight of "9:30" or "09:30"; None for what is no time of a day. "24:00" is one."""
    matched = _CLOCK.fullmatch(typed)
    if matched is None:
        return None
    hours, minutes = int(matched[1]), int(matched[2])
    reckoned = hours * 60 + minutes
    return reckoned if minutes < 60 and reckoned <= DAY_MINUTES else None


def _opening(row: int, typed: TypedOpening) -> Opening | ValidationError:
    if not (typed.opens and typed.closes):
        said = _("Hours have a beginning and an end. Fill in both, or remove them.")
        return ValidationError(said, params={"rows": [row]})
    opens, closes = minute(typed.opens), minute(typed.closes)
    for at, written in ((opens, typed.opens), (closes, typed.closes)):
        if at is None:
            return ValidationError(_why_no_time(written), params={"rows": [row], "typed": written})
    if opens is None or closes is None or opens == DAY_MINUTES:
        said = _("Hours begin before the day ends. What begins at midnight belongs to the next day, at 00:00.")
        return ValidationError(said, params={"rows": [row]})
    return Opening(opens, closes)


def _why_no_time(written: str) -> str:
    matched = _CLOCK.fullmatch(written)
    if matched and int(matched[1]) >= 24 and int(matched[2]) < 60:
        return _(
            "“%(typed)s” is past the end of the day. Hours that pass midnight end at a time of the next day: "
            "22:00 to 02:00. None are longer than a day."
        )
    return _("“%(typed)s” is not a time of the day. Example: 09:30")


def _too_many(read: Mapping[int, object]) -> ValidationError:
    said = _("More than %(most)s openings on one day cannot be kept.")
    return ValidationError(said, params={"most": MOST_OPENINGS, "rows": list(read)[MOST_OPENINGS:]})


def _overlaps(openings: Mapping[int, Opening]) -> Iterator[ValidationError]:
    rows = list(openings)
    for first, second in overlapping([DayHours(0, *openings[row]) for row in rows]):
        yield ValidationError(
            _("%(first)s and %(second)s overlap. Let one end before the other begins."),
            params={
                "first": times_of(openings[rows[first]]),
                "second": times_of(openings[rows[second]]),
                "rows": [rows[first], rows[second]],
            },
        )
