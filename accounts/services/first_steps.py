"""What a member did with the list of first steps: kept in their place, the rest is read off what there is."""

from datetime import datetime

from accounts.models import Member


def note_shared_link(member: Member, *, now: datetime) -> None:
    """They have copied or opened a link to a booking page; the first time counts."""
    Member.objects.filter(pk=member.pk, shared_link_at__isnull=True).update(shared_link_at=now)
    member.shared_link_at = member.shared_link_at or now


def hide_first_steps(member: Member, *, now: datetime) -> None:
    Member.objects.filter(pk=member.pk, hid_first_steps_at__isnull=True).update(hid_first_steps_at=now)


def show_first_steps(member: Member) -> None:
    Member.objects.filter(pk=member.pk).update(hid_first_steps_at=None)
