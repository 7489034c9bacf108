"""The calendar behind a public address with what is read anew for its slots, in one query.

Nobody asks for more, or more often. So rows become objects only where something besides the clock stands between
the stored days and the answer.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from itertools import accumulate, pairwise
from typing import Any, NamedTuple, TypeVar

from django.db import connection
from django.db.models import Model

from accounts.models import Account, Member
from availability.core.intervals import Interval
from availability.core.offer import Times, cut
from availability.core.packing import unpack_joined
from availability.models import Calendar, CalendarType
from availability.models.calendar import DAY, LONGEST_BUFFER
from availability.queries.live import ENGINE, FIRST_READ_PATIENCE, REACH, Found, versions_of
from availability.queries.rows import rows
from availability.queries.settings import limits_of
from availability.queries.slots import open_times, shown, within_reach
from availability.queries.statements import CREW, IS_HELD, IS_STALE

AnyModel = TypeVar("AnyModel", bound=Model)
# all that slots depend on; whoever asks for another field sends a query
_OF_CALENDAR = (
    *("id", "account_id", "type", "assignment_mode", "lead_cap", "members_changed_at", "seats", "shows_seats"),
    *("duration", "interval", "buffer_before", "buffer_after", "minimum_notice", "date_range", "horizon_days"),
    *("range_first", "range_last", "day_limit", "week_limit", "look_busy", "paused_at", "switched_off_at", "epoch"),
)
_OF_ACCOUNT = ("id", "time_zone")
_DAY_SECONDS = 86_400


def _columns(alias: str, names: Sequence[str]) -> str:
    return ", ".join(f"{alias}.{name}" for name in names)


_STATEMENT = f"""
    SELECT {_columns("calendar", _OF_CALENDAR)}, {_columns("account", _OF_ACCOUNT)},
           crew.listed, crew.are_plain, crew.are_limited,
           stored.days, stored.versions, stored.epochs, stored.lengths, stored.starts, changed.days, changed.versions,
           (SELECT json_agg(json_build_array(
                       user_id, floor(extract(epoch FROM starts_at))::bigint, ceil(extract(epoch FROM ends_at))::bigint,
                       extract(epoch FROM buffer_before)::bigint, extract(epoch FROM buffer_after)::bigint, uid, NULL
                   ))::text
              FROM availability_hosttime WHERE user_id = ANY(crew.users) AND {IS_HELD}),
           (SELECT json_agg(json_build_array(blocking.member_id, blocking.source_id))::text
              FROM availability_blockingsource blocking
              JOIN availability_busysource source ON source.id = blocking.source_id
             WHERE blocking.member_id = ANY(crew.members) AND calendar.type <> '{CalendarType.SIMPLE}' AND {IS_STALE})
      FROM availability_calendar calendar
      JOIN accounts_account account ON account.id = calendar.account_id
     CROSS JOIN LATERAL (
           SELECT array_agg(place.member_id) AS members, array_agg(member.user_id) AS users,
                  bool_and(person.is_active AND NOT place.is_fixed) AS are_plain,
                  bool_or(hours.day_limit IS NOT NULL OR hours.week_limit IS NOT NULL) AS are_limited,
                  json_agg(json_build_array(
                      place.member_id, member.user_id, NULL, NULL, concat(place.is_fixed::int, person.is_active::int)
                  ) ORDER BY place.position, place.id)::text AS listed
             {CREW} WHERE place.calendar_id = calendar.id) crew
     CROSS JOIN LATERAL (
           SELECT array_agg(day - DATE '1970-01-01') AS days, array_agg(versions) AS versions,
                  array_agg(epoch) AS epochs, array_agg(length(starts)) AS lengths,
                  string_agg(starts, ''::bytea) AS starts
             FROM (SELECT day, versions, epoch, starts FROM availability_storedday
                    WHERE calendar_id = calendar.id AND day BETWEEN %(first)s AND %(last)s ORDER BY day) days) stored
     CROSS JOIN LATERAL (
           SELECT array_agg(day - DATE '1970-01-01') AS days, array_agg(version) AS versions
             FROM (SELECT day, sum(version)::bigint AS version FROM availability_hostday
                    WHERE user_id = ANY(crew.users) AND day BETWEEN %(first_version)s AND %(last_version)s
                    GROUP BY day) days) changed
     WHERE account.slug = %(account)s AND calendar.slug = %(slug)s AND calendar.switched_off_at IS NULL
"""  # noqa: S608


class _Anew(NamedTuple):
    """What the statement finds besides settings. Lists of one kind belong together place by place."""

    crew: str | None
    are_plain: bool | None
    are_limited: bool | None
    days: list[int] | None
    versions: list[int]
    epochs: list[int]
    lengths: list[int]
    starts: bytes
    changed_days: list[int] | None
    changed_versions: list[int]
    held: str | None
    stale: str | None


@dataclass(frozen=True, slots=True)
class PublicCalendar:
    """A calendar with its account, as far as slots depend on them, and what stands for some UTC days."""

    calendar: Calendar
    _anew: _Anew

    def open_times(self, *, start: datetime, end: datetime, now: datetime, host: Member | None = None) -> Times:
        """As ``slots.open_times``. No further query if the days are stored and current.

        Limits, seats and equal distribution take one more, days that are not current two.
        """
        within = within_reach(self.calendar, start=start, end=end, now=now)
        if within is None:
            return Times()
        if host is None and self._moves_with_the_clock_alone() and self._is_current(within):
            return shown(self.calendar, Times(cut(unpack_joined(self._anew.starts), within)))
        return open_times(self.calendar, start=start, end=end, now=now, host=host, found=self._found())

    def _moves_with_the_clock_alone(self) -> bool:
        anew = self._anew
        return bool(anew.are_plain) and not (anew.held or anew.stale or self._needs_more())

    def _needs_more(self) -> bool:
        calendar, is_class = self.calendar, self.calendar.type == CalendarType.CLASS
        return bool(self._anew.are_limited or limits_of(calendar) or calendar.shares_equally or is_class)

    def _is_current(self, within: Interval) -> bool:
        """Whether all the days from the first to the last stored one are, and ``within`` lies among them."""
        anew = self._anew
        if anew.days is None:
            return False
        days = range(anew.days[0], anew.days[-1] + 1)
        stored = Interval(days.start * _DAY_SECONDS, days.stop * _DAY_SECONDS)
        return (
            stored.covers(within)
            and anew.epochs.count(self.calendar.epoch ^ ENGINE) == len(days)
            and anew.versions == versions_of(self.calendar, days, self._changed())
        )

    def _changed(self) -> dict[int, int]:
        days = self._anew.changed_days
        return dict(zip(days, self._anew.changed_versions, strict=True)) if days else {}

    def _found(self) -> Found | None:
        """What ``live.read`` would find; None where it would look for more."""
        if self._needs_more():
            return None
        anew = self._anew
        stored = zip(anew.days or (), anew.versions or (), anew.epochs or (), self._packs(), strict=True)
        return {
            "crew": [(number, *one, None) for number, one in enumerate(json.loads(anew.crew or "[]"))],
            "held": json.loads(anew.held or "[]"),
            "stale": json.loads(anew.stale or "[]"),
            "stored": list(stored),
            "version": list(self._changed().items()),
            "epoch": [(self.calendar.epoch,)],
        }

    def _packs(self) -> list[bytes]:
        ends = accumulate(self._anew.lengths or (), initial=0)
        return [self._anew.starts[begin:end] for begin, end in pairwise(ends)]


def public_calendar(account: str, slug: str, *, first: date, last: date, now: datetime) -> PublicCalendar | None:
    """With what stands for the UTC days from ``first`` to ``last``."""
    answer = rows(_STATEMENT, _arguments(account, slug, first, last, now))
    if not answer:
        return None
    (row,) = answer
    width, all_settings = len(_OF_CALENDAR), len(_OF_CALENDAR) + len(_OF_ACCOUNT)
    calendar = _model(Calendar, _OF_CALENDAR, row[:width])
    calendar.account = _model(Account, _OF_ACCOUNT, row[width:all_settings])
    return PublicCalendar(calendar, _Anew(*row[all_settings:]))


def _arguments(account: str, slug: str, first: date, last: date, now: datetime) -> dict[str, Any]:
    start, end = (datetime.combine(day, time.min, UTC) for day in (first, last + DAY))
    return {
        "account": account,
        "slug": slug,
        "now": now,
        "patience": FIRST_READ_PATIENCE,
        "start": start - REACH,
        "end": end + REACH,
        "first": first,
        "last": last,
        # whatever its buffers and duration are
        "first_version": first - LONGEST_BUFFER,
        "last_version": last + LONGEST_BUFFER + 2 * DAY,
    }


def _model(model: type[AnyModel], names: Sequence[str], values: Sequence[Any]) -> AnyModel:
    read = list(values)
    for place, convert in _converters(model, names):
        read[place] = convert(read[place], None, connection)
    return model.from_db(connection.alias, names, read)


@cache
def _converters(model: type[Model], names: Sequence[str]) -> Sequence[tuple[int, Callable[..., Any]]]:
    """Where a value of the database is not the model's, and how it becomes it."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    places = enumerate(fields[name] for name in names)
    return [(place, convert) for place, field in places for convert in field.get_db_converters(connection)]
