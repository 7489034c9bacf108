"""The first steps, from a first sign-in to a link that can be passed on."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from availability.models import Calendar, Schedule
from bookings.queries.first_steps import first_steps_of
from integrations.models import CalendarConfiguration
from tests.bookings.views.appointments.pages import text
from tests.factories import CalendarFactory, MemberFactory, RemoteCalendarFactory, ScheduleFactory

PAGE = reverse("bookings:first-steps")
MY_CALENDAR = reverse("bookings:my-calendar")
CONNECTIONS = reverse("integrations:integrations")


@pytest.fixture
def owner(client, db):
    member = MemberFactory(role=Role.OWNER)
    client.force_login(member.user)
    return member


def post(client, page, /, **sent):
    return client.post(reverse(f"bookings:{page}"), sent, follow=True)


def test_a_new_owner_finds_four_steps_in_my_calendar(client, owner):
    said = text(client.get(MY_CALENDAR))

    assert "First steps 0 of 4" in said
    assert "Use Monday to Friday, 9:00 to 17:00" in said


def test_hours_are_taken_in_one_click(client, owner):
    said = text(post(client, "first-steps-hours", back="calendar"))

    schedule = Schedule.objects.get()
    assert (schedule.member, schedule.is_default, schedule.weekly_hours.count()) == (owner, True, 5)
    assert "First steps 1 of 4" in said


def test_hours_that_are_there_stay_as_they_are(client, owner):
    ScheduleFactory(member=owner, hours=[(0, 600, 660)])

    post(client, "first-steps-hours")
    post(client, "first-steps-hours")

    assert Schedule.objects.get().weekly_hours.count() == 1


def test_a_schedule_without_hours_gets_them(client, owner):
    ScheduleFactory(member=owner, hours=[])

    post(client, "first-steps-hours")

    assert Schedule.objects.get().weekly_hours.count() == 5


def test_a_first_calendar_takes_two_answers_and_can_be_booked(client, owner):
    post(client, "first-steps-hours")
    post(client, "first-steps-calendar", name="First visit", minutes=45, back="calendar")

    calendar = Calendar.objects.get()
    page = client.get(reverse("bookings:book", args=[owner.account.slug, "first-visit"]))
    assert (calendar.name, calendar.duration.seconds, calendar.calendar_members.get().member) == (
        "First visit",
        45 * 60,
        owner,
    )
    assert "Nothing is free" not in text(page)


def test_the_same_form_twice_makes_one_calendar(client, owner):
    for _time in range(2):
        post(client, "first-steps-calendar", name="First visit", minutes=45)

    assert Calendar.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"name": "", "minutes": 30}, "It needs a name that customers understand."),
        ({"name": "!!!", "minutes": 30}, "It needs a name that customers understand."),
        ({"name": "Visit", "minutes": 1}, "Between 5 minutes and 8 hours, please."),
        ({"name": "Visit", "minutes": "long"}, "Please write a number, such as 30."),
    ],
)
def test_what_is_missing_is_said_beside_the_field(client, owner, sent, said):
    response = client.post(reverse("bookings:first-steps-calendar"), sent)

    assert response.status_code == 422
    assert said in text(response)


def test_a_name_without_latin_letters_has_an_address_all_the_same(client, owner):
    post(client, "first-steps-calendar", name="面談", minutes=30)

    assert Calendar.objects.get().slug == "appointment"


def test_a_primary_calendar_outside_is_the_third_step(client, owner):
    remote = RemoteCalendarFactory(connection__user=owner.user)
    CalendarConfiguration.objects.create(member=owner, primary=remote)

    assert [step.is_done for step in first_steps_of(owner).steps] == [False, False, True, False]


def test_showing_the_link_is_the_fourth(client, owner):
    said = text(post(client, "share-link"))

    owner.refresh_from_db()
    assert owner.shared_link_at is not None
    assert "Copy the link" in said


def test_looking_at_pages_does_no_step(client, owner):
    client.get(PAGE)
    client.get(reverse("bookings:share-group"))

    owner.refresh_from_db()
    assert owner.shared_link_at is None


def test_when_all_is_done_my_calendar_says_no_more_of_it(client, owner):
    ScheduleFactory(member=owner)
    CalendarFactory(account=owner.account)
    CalendarConfiguration.objects.create(member=owner, primary=RemoteCalendarFactory(connection__user=owner.user))
    said = text(post(client, "share-link"))

    assert "Everything is ready" in said
    assert "First steps 4" not in text(client.get(MY_CALENDAR))
    assert "Everything is ready" in text(client.get(PAGE))


def test_the_connections_lead_on_to_what_is_left(client, owner):
    CalendarConfiguration.objects.create(member=owner, primary=RemoteCalendarFactory(connection__user=owner.user))
    shown = text(client.get(CONNECTIONS))
    followed = post(client, "first-steps-hours", back="connections")

    assert "First steps 1 of 4" in shown
    assert followed.request["PATH_INFO"] == CONNECTIONS
    assert "Make it bookable" in text(followed)


def test_the_connections_lead_nowhere_while_one_is_to_be_made(client, owner):
    ScheduleFactory(member=owner)
    CalendarFactory(account=owner.account)

    assert "First steps 2" not in text(client.get(CONNECTIONS))


def test_hidden_steps_come_back_from_the_settings(client, owner):
    hidden = text(post(client, "first-steps-hide", back="calendar"))
    shown = text(post(client, "first-steps-hide", show="1", back="calendar"))

    assert "First steps 0 of 4" not in hidden
    assert "First steps 0 of 4" in shown


def test_staff_are_asked_for_what_concerns_them(client, owner):
    staff = MemberFactory(account=owner.account)
    client.force_login(staff.user)

    assert "First steps 0 of 3" in text(client.get(MY_CALENDAR))
    sent = {"name": "Visit", "minutes": 30}
    assert client.post(reverse("bookings:first-steps-calendar"), sent).status_code == 404


@pytest.mark.parametrize("name", ["first-steps-hours", "first-steps-calendar", "first-steps-hide", "share-link"])
def test_steps_are_taken_by_post_alone(client, owner, name):
    assert client.get(reverse(f"bookings:{name}")).status_code == 405
