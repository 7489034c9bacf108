from datetime import UTC, datetime, timedelta

import pytest

from availability.models import BusyTime
from bookings.models import OwnItem
from bookings.services.remove_own_item import remove_own_item
from tests.bookings.situations import ELEVEN, TEN
from tests.bookings.views.appointments.pages import text, url
from tests.bookings.views.entries.buttons import said_next
from tests.bookings.views.entries.conftest import add
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("at_now")
TYPED = {"kind": "activity", "title": "Choir", "day": "2026-11-24", "starts": "19:00", "ends": "21:30"}
BERLIN_EVENING = (datetime(2026, 11, 24, 18, tzinfo=UTC), datetime(2026, 11, 24, 20, 30, tzinfo=UTC))


def _new(client, **typed):
    return client.post(url("own-item-new"), TYPED | typed)


def _spans():
    return [(item.starts_at, item.ends_at, item.all_day, item.blocks) for item in OwnItem.objects.all()]


def test_a_new_item_is_the_authors_own_by_their_clock(client, host):
    response = _new(client)

    assert response["Location"] == f"{url('my-calendar')}?day=2026-11-24&account={host.account.slug}"
    item = OwnItem.objects.get()
    assert (item.title, item.starts_at, item.ends_at) == ("Choir", *BERLIN_EVENING)
    assert list(item.assignees.all()) == [host]
    assert BusyTime.objects.get().user == host.user


def test_the_way_there_fills_the_form_in(client, host):
    page = client.get(url("own-item-new"), {"kind": "task", "day": "2026-11-25", "at": "10:15"}).content.decode()

    assert '<option value="task" selected>' in page
    for value in ("2026-11-25", "10:15", "10:45"):
        assert f'value="{value}"' in page


@pytest.mark.parametrize("asked", [{"day": "x"}, {"at": "25:00"}, {"kind": "party"}, {"host": "nobody"}])
def test_a_way_there_that_makes_no_sense_is_not_followed(client, host, asked):
    assert client.get(url("own-item-new"), asked).status_code == 200


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"kind": "task"}, (*BERLIN_EVENING, False, False)),
        ({"kind": "block"}, (*BERLIN_EVENING, False, True)),
        ({"kind": "task", "blocks": "yes"}, (*BERLIN_EVENING, False, True)),
        ({"kind": "block", "blocks": "no"}, (*BERLIN_EVENING, False, False)),
    ],
)
def test_whether_it_takes_the_time_depends_on_the_kind_unless_somebody_says(client, host, typed, expected):
    _new(client, **typed)

    assert _spans() == [expected]


def test_a_date_without_a_time_is_all_day_and_free(client, host):
    _new(client, starts="", ends="")

    midnight = datetime(2026, 11, 23, 23, tzinfo=UTC)
    assert _spans() == [(midnight, midnight + timedelta(days=1), True, False)]


def test_whole_days_away_take_the_time(client, host):
    _new(client, all_day="on", last_day="2026-11-26", starts="", ends="")

    midnight = datetime(2026, 11, 23, 23, tzinfo=UTC)
    assert _spans() == [(midnight, midnight + timedelta(days=3), True, True)]


def test_midnight_closes_the_day(client, host):
    _new(client, ends="00:00")

    assert _spans()[0][1] == datetime(2026, 11, 24, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"day": ""}, "The date is missing."),
        ({"day": "2026-02-30"}, "This is not a day we know."),
        ({"ends": ""}, "Until when?"),
        ({"starts": ""}, "From when?"),
        ({"ends": "18:00"}, "It ends before it starts."),
        ({"last_day": "2026-11-23"}, "The last day lies before the first."),
        ({"kind": "party"}, "Kind"),
        ({"day": "2027-03-28", "starts": "02:30", "ends": "04:00"}, "this time does not exist on that day"),
        ({"starts": "7"}, "This is not a time."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_stored(client, host, typed, said):
    response = _new(client, **typed)

    assert response.status_code == 422
    assert said in text(response)
    assert not OwnItem.objects.exists()


def test_the_form_of_an_item_saves_it_as_it_is(client, host, item):
    form = client.get(url("own-item", item.uid)).context["form"]

    client.post(url("own-item", item.uid), {name: form[name].value() or "" for name in form.fields})

    before, item = item, OwnItem.objects.get()
    assert (item.starts_at, item.ends_at, item.kind, item.title) == (TEN, ELEVEN, before.kind, "Dentist")
    assert item.sequence == before.sequence + 1


def test_what_else_lies_there_is_said_and_forbids_nothing(client, host, appointment):
    _new(client, day="2026-11-23", starts="10:15", ends="11:00")

    said = said_next(client)
    assert "“Choir” is in the calendar." in said
    assert f"At the same time, {host.user.name}: Ada Lovelace, Monday 23 November, 10:00 – 10:30. Both stand." in said


def test_what_takes_no_time_says_nothing_of_others(client, host, appointment):
    _new(client, day="2026-11-23", starts="10:15", ends="11:00", kind="task")

    assert "At the same time" not in said_next(client)


def test_managers_choose_for_whom(client, manager, colleague, host):
    client.force_login(manager.user)

    _new(client, assignees=[colleague.slug, manager.slug])

    assert set(OwnItem.objects.get().assignees.all()) == {colleague, manager}


def test_somebody_must_have_it(client, manager, colleague):
    client.force_login(manager.user)

    assert "Choose at least one colleague." in text(_new(client))


def test_staff_give_items_to_nobody_else(client, host, colleague):
    _new(client, assignees=[colleague.slug])

    assert list(OwnItem.objects.get().assignees.all()) == [host]


def test_colleagues_it_is_shared_with_keep_it_when_staff_change_it(client, host, colleague):
    item = add(host, colleague)

    client.post(url("own-item", item.uid), TYPED)

    assert set(item.assignees.all()) == {host, colleague}


def test_what_was_changed_meanwhile_is_not_written_over_unasked(client, host, item):
    OwnItem.objects.update(sequence=item.sequence + 1)

    refused = client.post(url("own-item", item.uid), TYPED | {"edition": str(item.sequence)})

    assert refused.status_code == 409
    assert "It was changed meanwhile" in text(refused)
    again = TYPED | {"edition": refused.context["form"]["edition"].value()}
    assert client.post(url("own-item", item.uid), again).status_code == 302
    assert OwnItem.objects.get().title == "Choir"


def test_a_deleted_item_can_be_put_back(client, host, item):
    remove_own_item(item, now=NOW)

    assert "Put it back into the calendar" in text(client.get(url("own-item", item.uid)))
    assert client.post(url("own-item", item.uid), TYPED).status_code == 409
    assert OwnItem.objects.get().title == "Dentist"
