"""What `manage.py seed_demo` leaves behind, once and again."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Account, Member, User
from availability.models import Calendar, CalendarMember, HostTime, Schedule, WeeklyHours
from bookings.models import Appointment, Contact
from bookings.services.cancel import cancel_appointment
from config.demo.people import CONNECTED_ON_REQUEST, OPERATOR
from config.embedded.radicale import start_radicale
from integrations.models import CalendarConfiguration, Connection, RemoteCalendar

MODELS = (
    Account, Appointment, Calendar, CalendarConfiguration, CalendarMember, Connection, Contact, HostTime, Member,
    RemoteCalendar, Schedule, User, WeeklyHours,
)  # fmt: skip
pytestmark = pytest.mark.django_db


@dataclass
class Seeder:
    folder: Path

    def __call__(self, **options):
        file = self.folder / "demo-report.json"
        call_command("seed_demo", json=file, stdout=StringIO(), **options)
        return json.loads(file.read_text())


@pytest.fixture
def seed(tmp_path, settings):
    settings.LOCAL_DIR = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return Seeder(tmp_path)


@pytest.fixture
def caldav(tmp_path, settings):
    logins = {"guest": "seven pears", "empty": "seven pears"}
    with start_radicale(tmp_path / "radicale", logins, read_only=["guest/club"]) as server:
        settings.CALDAV_ALLOWED_PRIVATE_HOSTS = [server.url.removeprefix("http://").rstrip("/")]
        for name in ("work", "home", "club"):
            calendar = tmp_path / "radicale/collections/collection-root/guest" / name
            calendar.mkdir()
            (calendar / ".Radicale.props").write_text('{"tag": "VCALENDAR"}')
        yield server


def all_rows():
    return {model: list(model.objects.order_by("pk").values()) for model in MODELS}


def test_a_second_seeding_changes_no_row(seed):
    first = seed()
    rows = all_rows()

    assert seed() == first
    assert all_rows() == rows
    assert Appointment.objects.count() == 13


def test_the_report_has_the_shape_that_scripts_rely_on(seed, settings):
    report = seed()

    assert set(report) >= {
        "base_url", "database_url", "logins", "accounts", "caldav", "mail_folder", "log_files", "processes",
    }  # fmt: skip
    assert {login["role"] for login in report["logins"]} == {"owner", "manager", "staff", "operator"}
    assert [account["slug"] for account in report["accounts"]] == ["faehrhaus", "yoga-am-kai"]
    calendars = [calendar for account in report["accounts"] for calendar in account["calendars"]]
    assert {calendar["type"] for calendar in calendars} == {"simple", "class", "round_robin", "collective", "service"}
    assert all(set(calendar) == {"slug", "type", "public_url", "hosts"} for calendar in calendars)
    assert {key: set(value) for key, value in report["processes"].items()} == {
        name: set() for name in ("web", "work", "postgres", "caldav")
    }
    assert report["mail_folder"] == str(settings.LOCAL_DIR / "mail")


def test_every_login_of_the_report_is_right(seed):
    for login in seed()["logins"]:
        assert User.objects.get(email=login["email"]).check_password(login["password"])


def test_one_member_of_staff_works_in_both_accounts(seed):
    both = [login for login in seed()["logins"] if len(login["accounts"]) == 2]

    assert [(login["role"], login["accounts"]) for login in both] == [("staff", ["faehrhaus", "yoga-am-kai"])]


def test_hosts_of_the_report_are_public_names_of_members(seed):
    for account in seed()["accounts"]:
        members = set(Member.objects.filter(account__slug=account["slug"]).values_list("slug", flat=True))
        assert all(set(calendar["hosts"]) <= members for calendar in account["calendars"])


def test_the_passwords_are_kept_for_their_owner_alone(seed):
    seed()

    for name in ("demo.json", "demo-report.json"):
        assert (seed.folder / name).stat().st_mode & 0o777 == 0o600


def test_what_people_have_changed_stays(seed):
    seed()
    user = User.objects.get(email=OPERATOR.email)
    user.set_password("my own choice")
    user.save()
    Calendar.objects.update(description="Ours now")
    Schedule.objects.update(name="Summer")
    rows = all_rows()

    seed()

    assert all_rows() == rows


def test_a_login_whose_password_was_lost_gets_another(seed):
    seed()
    (seed.folder / "demo.json").unlink()

    for login in seed()["logins"]:
        assert User.objects.get(email=login["email"]).check_password(login["password"])


def test_a_cancelled_appointment_is_not_booked_again(seed):
    seed()
    cancel_appointment(Appointment.objects.earliest("pk"), now=datetime.now(UTC))

    seed()

    assert Appointment.objects.active().count() == 12


def test_a_member_of_staff_is_connected_to_the_server_asked_for(seed, caldav):
    report = seed(caldav_url=caldav.url, caldav_user="guest", caldav_password="seven pears")

    (entry,) = report["caldav"]
    writable = {f"{caldav.url}guest/{name}/" for name in ("work", "home")}
    assert {entry["primary"], *entry["conflict"]} == writable
    assert len(entry["conflict"]) == 1
    assert entry["read_only"] == [f"{caldav.url}guest/club/"]
    assert entry["owner"] == CONNECTED_ON_REQUEST.email
    assert Member.objects.get(user__email=entry["owner"]).slug == entry["host"]


def test_connecting_again_changes_nothing(seed, caldav):
    access = {"caldav_url": caldav.url, "caldav_user": "guest", "caldav_password": "seven pears"}
    first = seed(**access)

    assert seed(**access) == first
    assert Connection.objects.count() == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"caldav_url": "https://dav.example.org/"}, "go together"),
        (
            {"caldav_url": "https://a:b@dav.example.org/", "caldav_user": "a", "caldav_password": "b"},
            "must not contain",
        ),
        ({"caldav_url": "http://127.0.0.1:1/", "caldav_user": "a", "caldav_password": "b"}, "[a-z]"),
    ],
)
def test_a_server_that_cannot_be_connected_is_refused_in_a_sentence(seed, options, said):
    with pytest.raises(CommandError, match=said) as refused:
        seed(**options)

    assert str(refused.value).endswith(".")


def test_a_login_without_calendars_is_refused_in_a_sentence(seed, caldav):
    with pytest.raises(CommandError, match="no calendar there that can be written"):
        seed(caldav_url=caldav.url, caldav_user="empty", caldav_password="seven pears")
