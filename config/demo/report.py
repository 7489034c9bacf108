"""What the demo tells: as JSON for scripts, as text for the person at the terminal."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

from django.urls import reverse

from accounts.models import Account
from config.demo import people
from config.demo.kept import Kept
from config.embedded import local


class Login(TypedDict):
    email: str
    password: str
    role: str
    accounts: list[str]


class CalendarEntry(TypedDict):
    slug: str
    type: str
    public_url: str
    hosts: list[str]


class AccountEntry(TypedDict):
    slug: str
    calendars: list[CalendarEntry]


class CaldavLogin(TypedDict):
    owner: str
    host: str
    url: str
    username: str
    password: str


class CaldavEntry(CaldavLogin):
    primary: str
    conflict: list[str]
    read_only: list[str]


class Processes(TypedDict):
    web: list[int]
    work: list[int]
    postgres: list[int]
    caldav: list[int]


class Report(TypedDict):
    """The shape of ``DEMO_JSON``. ``caldav_to_connect``: a login nobody has connected yet."""

    base_url: str
    database_url: str
    logins: list[Login]
    accounts: list[AccountEntry]
    caldav: list[CaldavEntry]
    caldav_to_connect: list[CaldavLogin]
    mail_folder: str
    log_files: list[str]
    processes: Processes


def describe_seeded(
    kept: Kept, *, base_url: str, database_url: str, mail_folder: Path, caldav: Sequence[CaldavEntry]
) -> Report:
    """What rows alone can tell; processes and their logs are the caller's to add."""
    return {
        "base_url": base_url,
        "database_url": database_url,
        "logins": _logins(kept),
        "accounts": _accounts(base_url),
        "caldav": list(caldav),
        "caldav_to_connect": [],
        "mail_folder": str(mail_folder),
        "log_files": [],
        "processes": {"web": [], "work": [], "postgres": [], "caldav": []},
    }


def write_report(path: Path, report: Report) -> None:
    """Whole or not at all, and for its owner alone: it holds passwords."""
    local.write_private(path, json.dumps(report, indent=1, ensure_ascii=False) + "\n")


def as_text(report: Report) -> str:
    """The one place but the report where the demo's passwords are shown."""
    base_url = report["base_url"]
    lines = ["", "Holdfast is running.", "", f"  Sign in        {base_url}/"]
    lines += [f"  Book           {base_url}/book/{account['slug']}/" for account in report["accounts"]]
    lines += [f"  Administration {base_url}/admin/", "", "Logins (e-mail address, password):"]
    lines += [_login(login) for login in report["logins"]]
    lines += ["", "The staff's calendars are on a CalDAV server of the demo's own (address, user name, password):"]
    lines += [_caldav(entry, "connected") for entry in report["caldav"]]
    lines += [_caldav(entry, "NOT CONNECTED YET") for entry in report["caldav_to_connect"]]
    lines += ["", *_first_steps(report)]
    lines += ["Ctrl-C stops everything; the next `make demo` finds its data again.", ""]
    return "\n".join(lines)


def _logins(kept: Kept) -> list[Login]:
    places = [(business, place) for business in people.BUSINESSES for place in business.places]
    logins: dict[str, Login] = {}
    for business, place in places:
        email = place.person.email
        login = logins.setdefault(
            email, {"email": email, "password": kept.password(email), "role": str(place.role.value), "accounts": []}
        )
        login["accounts"].append(business.slug)
    operator = people.OPERATOR.email
    return [
        *logins.values(),
        {"email": operator, "password": kept.password(operator), "role": "operator", "accounts": []},
    ]


def _accounts(base_url: str) -> list[AccountEntry]:
    """The demo's accounts with all their public calendars, also those somebody has added."""
    slugs = [business.slug for business in people.BUSINESSES]
    accounts = Account.objects.filter(slug__in=slugs).prefetch_related("calendars__calendar_members__member")
    return [
        {
            "slug": account.slug,
            "calendars": [
                {
                    "slug": calendar.slug,
                    "type": calendar.type,
                    "public_url": base_url + reverse("bookings:book", args=[account.slug, calendar.slug]),
                    "hosts": [place.member.slug for place in calendar.calendar_members.all()],
                }
                for calendar in account.calendars.all()
                if calendar.switched_off_at is None
            ],
        }
        for account in sorted(accounts, key=lambda account: slugs.index(account.slug))
    ]


def _login(login: Login) -> str:
    where = ", ".join(login["accounts"])
    return f"  {login['email']:<28} {login['password']}   {login['role']}{' of ' if where else ''}{where}"


def _caldav(entry: CaldavLogin | CaldavEntry, state: str) -> str:
    return f"  {entry['url']}  {entry['username']:<8} {entry['password']}   {state}"


def _first_steps(report: Report) -> list[str]:
    if not report["caldav_to_connect"]:
        return []
    login = report["caldav_to_connect"][0]
    calendars = [calendar for account in report["accounts"] for calendar in account["calendars"]]
    theirs = [calendar["public_url"] for calendar in calendars if login["host"] in calendar["hosts"]]
    return [
        "Try it:",
        f"  1. Sign in as {login['owner']}, open Settings › My Profile › Integrations and choose CalDAV server.",
        f"  2. Enter the address, user name and password of {login['username']} above.",
        "  3. Choose a primary calendar and calendars to check for conflicts.",
        f"  4. Book at {theirs[0] if theirs else report['base_url']}",
        "     and find the appointment in My Calendar and on the CalDAV server.",
        "",
    ]
