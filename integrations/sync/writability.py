"""A primary calendar that can no longer be written to: its owner is told, once; the appointments stay (F15, F17)."""

from datetime import datetime

from integrations.models import CalendarConfiguration, PendingPush, QuestionKind, RemoteCalendar
from integrations.sync.asking import ask, withdraw


def tell_not_writable(remote: RemoteCalendar, reason: str, *, now: datetime) -> None:
    """Within the caller's transaction. Nothing happens for a calendar that is nobody's primary."""
    chosen = CalendarConfiguration.objects.filter(primary=remote).select_related("member__user", "member__account")
    configuration = chosen.order_by("pk").first()
    if configuration is None:
        return
    waiting = PendingPush.objects.filter(remote_calendar=remote).count()
    facts = {"waiting": waiting, "reason": reason}
    ask(QuestionKind.NOT_WRITABLE, str(remote.pk), member=configuration.member, now=now, remote=remote, facts=facts)


def can_be_written_again(remote: RemoteCalendar, *, now: datetime) -> None:
    """Or nobody wants to write to it any more."""
    withdraw(QuestionKind.NOT_WRITABLE, [str(remote.pk)], now=now)
