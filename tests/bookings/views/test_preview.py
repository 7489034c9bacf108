"""The preview in the calendar editor (U3): what the public page would show, and nothing of it is ever written."""

from datetime import timedelta
from html import unescape

import pytest
from django.apps import apps
from django.urls import reverse

from accounts.roles import Role
from availability.models import Calendar, CalendarMember
from tests.availability.calendar_answers import answers
from tests.factories import CalendarFactory, MemberFactory, ScheduleFactory

pytestmark = pytest.mark.usefixtures("at_now")
NEW = reverse("bookings:calendar-preview-new")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def manager(client, db):
    member = MemberFactory(role=Role.MANAGER)
    client.force_login(member.user)
    return member


@pytest.fixture
def ines(manager):
    member = MemberFactory(account=manager.account, user__name="Ines")
    ScheduleFactory(member=member)
    return member


@pytest.fixture
def calendar(manager, ines):
    calendar = CalendarFactory(account=manager.account, name="First visit", slug="first-visit")
    CalendarMember.objects.create(calendar=calendar, member=ines)
    return calendar


def url(calendar):
    return reverse("bookings:calendar-preview", args=[calendar.pk])


def text(response):
    return " ".join(unescape(response.content.decode()).split())


def rows():
    """Every row of what the editor could touch, and how many there are of everything else."""
    ours = ("accounts", "availability", "bookings", "integrations", "django_q")
    models = [model for name in ours for model in apps.get_app_config(name).get_models()]
    return (
        {model.__name__: model._default_manager.count() for model in models},
        list(Calendar.objects.order_by("pk").values()),
        list(CalendarMember.objects.order_by("pk").values()),
    )


def test_it_shows_the_times_of_what_was_typed(client, calendar, ines):
    sent = answers("service", ines, name="Long visit", duration="4", duration_unit="hours", interval="240")

    page = text(client.post(url(calendar), sent, headers=HTMX))

    # 9 to 17 in Berlin: 9:00 and 13:00
    assert "Long visit" in page
    assert "4 hours" in page
    assert "Free first on Monday 23 November, 09:00, 2 times that day." in page
    assert page.count('class="time"') == 2


def test_it_shows_the_hosts_that_were_ticked_and_their_schedules(client, calendar, ines):
    tomasz = MemberFactory(account=ines.account, user__name="Tomasz")
    evening = ScheduleFactory(member=tomasz, is_default=False, hours=[(0, 20 * 60, 21 * 60)])

    page = text(client.post(url(calendar), answers("service", tomasz, **{f"schedule_{tomasz.pk}": str(evening.pk)})))

    assert "Free first on Monday 23 November, 20:00, 3 times that day." in page


@pytest.mark.parametrize("kind", ["simple", "class", "round_robin", "collective", "service"])
@pytest.mark.parametrize("new", [False, True])
def test_nothing_is_ever_written(client, calendar, ines, kind, new, django_capture_on_commit_callbacks):
    sent = answers(kind, ines, name="Other", hidden="on", slug="another-address", edition="999")
    before = rows()

    with django_capture_on_commit_callbacks() as callbacks:
        response = client.post(NEW if new else url(calendar), sent, headers=HTMX)

    assert response.status_code == 200
    assert rows() == before
    assert callbacks == []


@pytest.mark.django_db(transaction=True)
def test_nothing_is_written_outside_of_a_tests_own_transaction(client, calendar, ines):
    before = rows()

    assert client.post(url(calendar), answers("service", ines, name="Other")).status_code == 200
    assert client.post(NEW, answers("service", ines, slug="other")).status_code == 200

    assert rows() == before


def test_what_is_not_right_yet_is_named_instead(client, calendar, ines):
    before = rows()

    response = client.post(url(calendar), answers("service", duration="0", name=""), headers=HTMX)

    page = text(response)
    assert response.status_code == 422
    assert '<a href="#id_duration">Slot duration</a>: Between one minute and one day.' in page
    assert '<a href="#id_name">Name</a>: The name is missing.' in page
    assert '<a href="#id_members">Who serves it</a>: Choose at least one member.' in page
    assert 'class="time"' not in page
    assert rows() == before


def test_a_calendar_nobody_could_book_says_so(client, calendar, ines):
    page = text(client.post(url(calendar), answers("service", ines, duration="24", duration_unit="hours")))

    assert "With these answers nothing can be booked at present." in page


def test_nothing_in_it_can_be_pressed(client, calendar, ines):
    page = text(client.post(url(calendar), answers("service", ines), headers=HTMX))

    assert page.index(" inert>") < page.index('class="month"')


def test_scripts_get_a_fragment_and_everybody_else_a_page(client, calendar, ines):
    sent = answers("service", ines)

    fragment, page = client.post(url(calendar), sent, headers=HTMX), client.post(url(calendar), sent)

    assert text(fragment).startswith('<div class="stack" id="preview-shown">')
    assert "<h1>Preview</h1>" in text(page)
    assert 'id="preview-shown"' in text(page)


@pytest.mark.parametrize("field", ["paused_at", "switched_off_at"])
def test_a_calendar_that_cannot_be_booked_now_says_why(client, calendar, ines, field):
    Calendar.objects.update(**{field: calendar.created_at - timedelta(days=1)})

    page = text(client.post(url(calendar), answers("service", ines)))

    assert ("is paused" if field == "paused_at" else "is switched off") in page


def test_it_is_for_those_who_may_edit(client, calendar, ines):
    sent = answers("service", ines)

    client.force_login(ines.user)
    assert client.post(url(calendar), sent).status_code == 404
    assert client.post(NEW, sent).status_code == 404
    client.force_login(MemberFactory(role=Role.OWNER).user)
    assert client.post(url(calendar), sent).status_code == 404


def test_it_is_asked_for_by_post_alone(client, calendar):
    assert client.get(url(calendar)).status_code == 405
    assert client.get(NEW).status_code == 405
