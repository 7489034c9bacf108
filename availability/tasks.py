"""What django-q2 runs: storing slots. A row is the work, a task a nudge; losing or doubling any changes nothing."""

import structlog
from django.db.models import F
from django.utils import timezone

from availability.models import Calendar
from availability.models.calendar import CalendarQuerySet
from availability.services.release import release_expired_holds
from availability.services.store import forget_past_days, store_slots

log = structlog.get_logger(__name__)


def store_slots_of_calendar(pk: int) -> None:
    """Settings of this calendar changed."""
    _store(Calendar.objects.filter(pk=pk))


def store_slots_of_host(user_id: int) -> None:
    """The time of this user changed."""
    _store(Calendar.objects.filter(calendar_members__member__user=user_id))


def sweep() -> None:
    """Give back what was held for too long, and store whatever no nudge has led to."""
    release_expired_holds(now=timezone.now())
    _store(Calendar.objects.all())


def roll_forward() -> None:
    """Every night: store the day that came into reach, forget the one that is over."""
    now = timezone.now()
    _store(Calendar.objects.all())
    log.info("slots_rolled_forward", forgotten=forget_past_days(now=now))


def _store(calendars: CalendarQuerySet) -> None:
    now = timezone.now()
    for calendar in calendars.filter(switched_off_at=None).select_related("account").distinct().order_by(F("pk")):
        try:
            store_slots(calendar, now=now)
        except Calendar.DoesNotExist:
            continue
        except Exception:
            # one calendar that cannot be computed must not keep the others from it
            log.exception("slots_not_stored", calendar=calendar.pk)
