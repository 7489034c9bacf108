"""Settings › Journal: one's own entries, narrowed down, in pages, and as a table."""

import csv
from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from integrations.models import Decision, JournalEntry
from integrations.queries.journal import PAGE_SIZE
from integrations.sync.journal import note
from tests.factories import NOW, ConnectionFactory, MemberFactory, RemoteCalendarFactory
from tests.integrations.sync.world import World

pytestmark = pytest.mark.django_db
PAGE = reverse("integrations:journal")
EXPORT = reverse("integrations:journal-export")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def connection(member):
    return ConnectionFactory(user=member.user)


def told(connection, decision=Decision.LOOK_FAILED, *, at=NOW, remote=None, item=None, **facts):
    note(decision, now=at, connection=connection, remote=remote, item=item, **facts)


def read(client, page=PAGE, **asked):
    return client.get(page, asked).content.decode()


def shown(client, **asked):
    return client.get(PAGE, asked).context["page"].lines


def test_an_empty_journal_says_what_will_be_in_it(client, member):
    assert "Nothing was decided yet" in read(client)


def test_nobody_sees_the_journal_of_somebody_else_not_even_an_owner(client, member):
    colleague = MemberFactory(account=member.account)
    member.role = Role.OWNER
    member.save()
    told(ConnectionFactory(user=colleague.user, username="colleague@example.org"), reason="The server is busy.")

    assert shown(client) == []
    assert "colleague@example.org" not in read(client, EXPORT)


def test_the_newest_comes_first_with_why_and_when_it_is_tried_again(client, connection):
    told(connection, Decision.MENDED)
    note(
        Decision.LOOK_FAILED, now=NOW + MINUTE, connection=connection, retry_at=NOW + 2 * MINUTE, reason="It is <busy>."
    )

    first, second = shown(client)
    text = read(client)

    assert (first.entry.decision, second.entry.decision) == (Decision.LOOK_FAILED, Decision.MENDED)
    assert "Monday 23 November 2026, 08:02" in text
    assert "It is &lt;busy&gt;." in text


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"decision": "mended"}, ["mended"]),
        ({"since": "2026-11-24"}, ["mended"]),
        ({"until": "2026-11-23"}, ["look_failed"]),
        ({"since": "2026-11-23", "until": "2026-11-24"}, ["mended", "look_failed"]),
    ],
)
def test_entries_are_narrowed_by_decision_and_by_days_of_the_reader(client, connection, asked, expected):
    # 23:30 on Monday in Berlin, and 00:30 on Tuesday
    told(connection, at=NOW.replace(hour=22, minute=30))
    told(connection, Decision.MENDED, at=NOW.replace(hour=23, minute=30))

    assert [line.entry.decision for line in shown(client, **asked)] == expected


def test_entries_are_narrowed_by_calendar_and_by_login(client, member, connection):
    practice, private = RemoteCalendarFactory.create_batch(2, connection=connection)
    other = ConnectionFactory(user=member.user)
    told(connection, remote=practice)
    told(connection, remote=private)
    told(other)

    assert len(shown(client, calendar=f"calendar-{practice.pk}")) == 1
    assert len(shown(client, calendar=f"login-{connection.pk}")) == 2
    assert len(shown(client)) == 3


def test_somebody_elses_calendar_is_no_choice(client, connection):
    foreign = RemoteCalendarFactory()

    response = client.get(PAGE, {"calendar": f"calendar-{foreign.pk}"})

    assert response.status_code == 422
    assert "error-summary" in response.content.decode()


def test_days_the_wrong_way_round_are_said(client, connection):
    response = client.get(PAGE, {"since": "2026-11-24", "until": "2026-11-23"})

    assert response.status_code == 422
    assert "The last day lies before the first one." in response.content.decode()


def test_pages_follow_each_other_without_gap_or_repeat_and_keep_the_filter(client, connection):
    for number in range(PAGE_SIZE + 10):
        told(connection, at=NOW + (number // 3) * MINUTE)
        told(connection, Decision.MENDED, at=NOW)

    first = client.get(PAGE, {"decision": "look_failed"}).context["page"]
    second = client.get(PAGE, {"decision": "look_failed", "after": first.older}).context["page"]

    assert (len(first.lines), len(second.lines), second.older) == (PAGE_SIZE, 10, None)
    assert len({line.entry.pk for line in (*first.lines, *second.lines)}) == PAGE_SIZE + 10
    assert f"decision=look_failed&amp;after={first.older}" in read(client, decision="look_failed")


@pytest.mark.parametrize("after", ["x", "-1", "9" * 30, "99999999", "²"])
def test_a_hand_made_page_does_no_harm(client, connection, after):
    told(connection)

    assert client.get(PAGE, {"after": after}).status_code == 200


def test_more_entries_take_no_more_queries(client, connection):
    def queries():
        with CaptureQueriesContext(
            database,
        ) as caught:
            client.get(PAGE)
        return len(caught)

    told(connection, item=uuid4())
    client.get(PAGE)
    few = queries()
    for _number in range(30):
        told(connection, item=uuid4(), remote=RemoteCalendarFactory(connection=connection))

    assert queries() == few


def test_an_appointment_is_named_to_its_host_and_to_nobody_who_may_not_see_it(client):
    world = World()
    appointment = world.book()
    stranger = MemberFactory()
    told(world.connection, Decision.MOVED, item=appointment.uid)
    told(ConnectionFactory(user=stranger.user), Decision.MOVED, item=appointment.uid)

    client.force_login(world.member.user)
    assert "Ada Lovelace, Tuesday 24 November, 10:00" in read(client)
    assert reverse("bookings:appointment", args=[appointment.uid]) in read(client)

    client.force_login(stranger.user)
    assert "Ada Lovelace" not in read(client)
    assert "An appointment" in read(client)


def test_every_decision_has_words_with_whatever_facts(client, connection):
    for decision in Decision:
        told(connection, decision)
        told(connection, decision, item=uuid4(), remote=RemoteCalendarFactory(connection=connection))

    lines = rows(client)[1:]

    assert len(lines) == 2 * len(Decision)
    assert all(line[3] and "%(" not in line[3] for line in lines)


def rows(client, **asked):
    response = client.get(EXPORT, asked)
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))


def test_the_export_holds_what_the_filter_shows_and_names_no_customer(client):
    world = World()
    appointment = world.book()
    told(world.connection, Decision.MOVED, item=appointment.uid)
    told(world.connection)
    client.force_login(world.member.user)

    assert [line[1] for line in rows(client, decision="moved")] == ["Decision", "Move followed"]
    assert "Lovelace" not in str(rows(client))


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1", "  =1", "＝1"])
def test_a_calendar_named_like_a_formula_is_exported_as_text(client, connection, name):
    told(connection, remote=RemoteCalendarFactory(connection=connection, name=name))

    assert rows(client)[1][2] == f"'{name}"


def test_entries_of_a_deleted_connection_stay_and_can_be_read(client, connection):
    told(connection, remote=RemoteCalendarFactory(connection=connection, name="Practice"), reason="The server is busy.")
    connection.delete()

    assert JournalEntry.objects.get().connection is None
    assert "a deleted connection" in read(client)


def test_the_page_of_a_connection_leads_to_its_entries(client, connection):
    link = f"{PAGE}?account={connection.user.memberships.get().account.slug}&amp;calendar=login-{connection.pk}"

    assert link in read(client, reverse("integrations:connection", args=[connection.pk]))
    assert link in read(client, reverse("integrations:integrations"))
