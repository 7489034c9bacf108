"""Asking for a push, in the transaction of the change itself."""

from datetime import timedelta

from django.db import transaction
from django_q.models import OrmQ
from pytest_django import DjangoCaptureOnCommitCallbacks

from integrations.models import PendingPush, RemoteCopy
from integrations.sync.outbox import ask_for_push
from tests.factories import NOW
from tests.integrations.sync.world import World, changed


def test_a_change_raises_the_revision_and_starts_afresh(world: World) -> None:
    world.add_calendar("Home", primary=True)
    appointment = world.book()
    PendingPush.objects.update(attempts=7, unfinished=2, parked_at=NOW, error="The calendar is full.", fence=4)

    changed(appointment)

    row = PendingPush.objects.values("revision", "attempts", "unfinished", "parked_at", "error", "fence").get()
    assert row == {"revision": 2, "attempts": 0, "unfinished": 0, "parked_at": None, "error": "", "fence": 4}


def test_a_claim_survives_a_change(world: World) -> None:
    world.add_calendar("Home", primary=True)
    appointment = world.book()
    PendingPush.objects.update(claimed_until=NOW)

    changed(appointment)

    assert PendingPush.objects.get().claimed_until == NOW


def test_every_calendar_with_a_copy_is_asked_for_besides_the_primary(world: World) -> None:
    home, work, club = (world.add_calendar(name) for name in ("Home", "Work", "Club"))
    world.choose_primary(work)
    appointment = world.book()
    RemoteCopy.objects.create(uid=appointment.uid, remote_calendar=home, remote_uid="x")

    changed(appointment)

    asked = set(PendingPush.objects.values_list("remote_calendar", flat=True))
    assert asked == {home.pk, work.pk}
    assert club.pk not in asked


def test_a_machine_whose_clock_is_ahead_does_not_delay_the_push(world: World) -> None:
    world.add_calendar("Home", primary=True)
    appointment = world.book()

    changed(appointment, now=NOW + timedelta(days=365))

    assert PendingPush.objects.get().due_at < NOW + timedelta(days=365)


def test_a_change_that_is_rolled_back_asks_for_nothing(world: World) -> None:
    world.add_calendar("Home", primary=True)
    appointment = world.book()
    PendingPush.objects.all().delete()

    with transaction.atomic():
        ask_for_push(appointment.uid, now=NOW)
        transaction.set_rollback(True)

    assert not PendingPush.objects.exists()


def test_a_worker_is_nudged_after_the_commit_with_the_row_alone(
    world: World, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    world.add_calendar("Home", primary=True)

    with django_capture_on_commit_callbacks(execute=True):
        world.book()

    task = OrmQ.objects.get().task
    assert (task["func"], task["args"]) == ("integrations.tasks.push_one", (PendingPush.objects.get().pk,))
