"""The four steps of setting up a connection: what they ask, what they keep, and what is stored at the end."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from availability.models import BusySource
from integrations.models import CalendarConfiguration, Connection, PendingPush, RemoteCalendar
from integrations.services.configure import set_conflicts, set_primary
from tests.factories import NOW, AccountFactory, ConnectionFactory, MemberFactory, RemoteCalendarFactory
from tests.fakes.memory_provider import LOGIN
from tests.integrations.sync.world import event

pytestmark = pytest.mark.django_db
STEPS = ("linked", "yours", "options", "confirmation")
OPTIONS = {
    "direction": "one_way",
    "shows_events": "on",
    "shown_days_before": "7",
    "shown_days_after": "90",
    "sends": "on",
}


@pytest.fixture
def connection(member, outside):
    return ConnectionFactory(
        user=member.user, server_url=LOGIN.server_url, username=LOGIN.username, password=LOGIN.password
    )


@pytest.fixture
def practice(connection, outside):
    url = outside.server.add_calendar("Practice")
    return RemoteCalendarFactory(connection=connection, name="Practice", url=url)


@pytest.fixture
def family(connection, outside):
    url = outside.server.add_calendar("Family")
    return RemoteCalendarFactory(connection=connection, name="Family", capability="read_only", url=url)


def page(connection, step):
    return reverse("integrations:set-up", args=[connection.pk, step])


def answer(client, connection, practice, member, **more):
    """All steps but the last."""
    client.post(page(connection, "linked"), {"linked": practice.pk, "checked": [practice.pk], **more})
    client.post(page(connection, "yours"), {"accounts": [member.pk]})
    return client.post(page(connection, "options"), OPTIONS)


def test_four_steps_lead_to_the_list_and_everything_is_stored_at_the_end(client, member, connection, practice, family):
    response = answer(client, connection, practice, member, checked=[practice.pk, family.pk])
    assert response.headers["Location"].startswith(page(connection, "confirmation"))
    assert not CalendarConfiguration.objects.exists()
    assert not BusySource.objects.exists()

    response = client.post(page(connection, "confirmation"), {"account": member.account.slug})

    listed = reverse("integrations:integrations")
    here = f"{listed}?account={member.account.slug}&reading={connection.pk}#connection-{connection.pk}"
    assert response.headers["Location"] == here
    configuration = CalendarConfiguration.objects.get()
    assert (configuration.primary, list(configuration.conflicts.all())) == (practice, [family])
    saved = Connection.objects.get()
    assert (saved.direction, saved.shown_days_before, saved.shown_days_after) == ("one_way", 7, 90)
    assert set(BusySource.objects.values_list("name", "shown_days_before")) == {("Practice", 7), ("Family", 7)}
    assert "It is the next to be read." in client.get(here).content.decode()


def test_looking_at_the_steps_stores_nothing(client, member, connection, practice):
    answer(client, connection, practice, member)

    for step in STEPS:
        assert client.get(page(connection, step)).status_code == 200

    assert not CalendarConfiguration.objects.exists()
    assert not PendingPush.objects.exists()


@pytest.mark.parametrize("step", STEPS[1:])
def test_nobody_comes_to_a_step_before_the_ones_before_it_are_answered(client, connection, practice, step):
    for ask in (client.get, client.post):
        assert ask(page(connection, step)).headers["Location"].startswith(page(connection, "linked"))


def test_back_keeps_the_answers_of_the_step_that_is_left(client, member, connection, practice, family):
    client.post(page(connection, "linked"), {"linked": "", "checked": [family.pk]})
    client.post(page(connection, "yours"), {"accounts": [member.pk]})

    response = client.post(page(connection, "options"), {"direction": "custom", "back": "1"})

    assert response.headers["Location"].startswith(page(connection, "yours"))
    text = client.get(page(connection, "options")).content.decode()
    assert '<input type="radio" name="direction" value="custom" checked>' in text


def test_a_new_login_is_offered_with_all_that_can_be_read_ticked(client, connection, practice, family):
    RemoteCalendarFactory(connection=connection, name="Holidays", capability="subscribed")

    text = client.get(page(connection, "linked")).content.decode()

    assert f'<input type="radio" name="linked" value="{practice.pk}" checked>' in text
    assert f'<input type="radio" name="linked" value="{family.pk}" disabled>' in text
    assert "Ask its owner for the right to change it" in text
    assert text.count('type="checkbox" name="checked"') == 3
    assert [f'name="checked" value="{one.pk}" checked' in text for one in (practice, family)] == [True, True]
    assert "A subscription cannot be connected" in text


@pytest.mark.parametrize("sent", [{}, {"linked": "x"}, {"linked": "999999"}, {"linked": ""}])
def test_a_first_step_that_makes_no_sense_is_refused(client, connection, practice, sent):
    response = client.post(page(connection, "linked"), {"account": "", **sent})

    assert response.status_code == 422
    assert "error-summary" in response.content.decode()


def test_what_cannot_be_written_is_not_linked_by_a_hand_made_post(client, connection, family):
    response = client.post(page(connection, "linked"), {"linked": family.pk, "checked": [family.pk]})

    assert response.status_code == 422
    assert "Nothing can be written to “Family”." in response.content.decode()


def test_a_calendar_of_another_login_is_not_offered(client, member, connection, practice):
    other = RemoteCalendarFactory(connection=ConnectionFactory(user=member.user), name="Elsewhere")

    response = client.post(page(connection, "linked"), {"linked": other.pk})

    assert response.status_code == 422
    assert "Elsewhere" not in response.content.decode()


def test_the_second_step_says_which_accounts_a_change_reaches(client, member, connection, practice):
    second = MemberFactory(user=member.user, account=AccountFactory(name="Evening school"))
    MemberFactory(account=AccountFactory(name="Somebody else’s"))
    set_primary(second, practice, now=NOW)
    client.post(page(connection, "linked"), {"linked": practice.pk})

    text = client.get(page(connection, "yours")).content.decode()

    assert f'name="accounts" value="{member.pk}" checked' in text
    assert f'name="accounts" value="{second.pk}" checked' in text
    assert "So far appointments are written to “Practice”" in text
    assert "So far appointments are written nowhere outside." in text
    assert "Somebody else’s" not in text


def test_an_account_of_somebody_else_is_refused(client, connection, practice):
    client.post(page(connection, "linked"), {"linked": practice.pk})

    for sent in ({"account": "", "accounts": [MemberFactory().pk]}, {"account": ""}):
        assert client.post(page(connection, "yours"), sent).status_code == 422


def test_without_sending_the_linked_calendar_is_only_read(client, member, connection, practice):
    client.post(page(connection, "linked"), {"linked": practice.pk, "checked": [practice.pk]})
    client.post(page(connection, "yours"), {"accounts": [member.pk]})
    client.post(page(connection, "options"), {key: value for key, value in OPTIONS.items() if key != "sends"})

    assert "Nothing is written to" in client.get(page(connection, "confirmation")).content.decode()
    client.post(page(connection, "confirmation"))

    configuration = CalendarConfiguration.objects.get()
    assert (configuration.primary, list(configuration.conflicts.all())) == (None, [practice])


def test_titles_are_shared_for_the_calendars_that_are_named(client, member, connection, practice, family):
    client.post(page(connection, "linked"), {"linked": practice.pk, "checked": [family.pk]})
    client.post(page(connection, "yours"), {"accounts": [member.pk]})
    client.post(page(connection, "options"), {**OPTIONS, "shared": [family.pk]})

    assert "Colleagues see the titles in “Family”" in client.get(page(connection, "confirmation")).content.decode()
    client.post(page(connection, "confirmation"))

    assert dict(BusySource.objects.values_list("name", "shares_titles")) == {"Practice": False, "Family": True}


def test_the_confirmation_says_in_words_what_will_happen_and_counts_after_the_page_is_there(
    client, member, connection, practice, outside
):
    start = timezone.now() + timedelta(days=2)
    outside.server.put(practice.url, event(start=start, end=start + timedelta(hours=1)), name="one.ics")
    answer(client, connection, practice, member)
    opened = len(outside.opened)

    text = client.get(page(connection, "confirmation")).content.decode()
    assert "are written to “Practice”" in text
    assert "What you move or delete there is written again" in text
    trial = reverse("integrations:set-up-trial", args=[connection.pk])
    assert f'hx-get="{trial}?account={member.account.slug}" hx-trigger="load"' in text
    assert len(outside.opened) == opened

    counted = client.get(trial).content.decode()
    assert "This would bring in 1 event and send 0 items." in " ".join(counted.split())


def test_a_calendar_that_is_gone_by_the_end_leads_back_to_the_choice(client, member, connection, practice):
    answer(client, connection, practice, member)
    RemoteCalendar.objects.update(gone_at=NOW)

    response = client.post(page(connection, "confirmation"))

    assert response.headers["Location"].startswith(page(connection, "linked"))
    assert not CalendarConfiguration.objects.exists()


def test_a_connection_of_somebody_else_has_no_steps(client, member):
    other = RemoteCalendarFactory().connection

    for step in (*STEPS, "nonsense"):
        assert client.get(page(other, step)).status_code == 404
        assert client.post(page(other, step), {"linked": ""}).status_code == 404
    assert client.get(reverse("integrations:set-up-trial", args=[other.pk])).status_code == 404


def test_a_step_there_is_not_does_not_exist(client, connection):
    assert client.get(page(connection, "nonsense")).status_code == 404


@pytest.mark.parametrize("step", ["linked", "options"])
def test_a_step_needs_no_more_queries_for_thirty_calendars(
    client, member, connection, django_assert_max_num_queries, step
):
    def look():
        chosen = list(RemoteCalendar.objects.values_list("pk", flat=True))
        client.post(page(connection, "linked"), {"linked": chosen[0], "checked": chosen})
        client.post(page(connection, "yours"), {"accounts": [member.pk]})
        with django_assert_max_num_queries(60) as asked:
            client.get(page(connection, step))
        return len(asked)

    first = RemoteCalendarFactory(connection=connection)
    set_conflicts(member, [first], now=NOW)
    few = look()
    more = [RemoteCalendarFactory(connection=connection) for _ in range(29)]
    set_conflicts(member, [first, *more], now=NOW)

    assert look() == few
