import csv
from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from bookings.models import Contact
from bookings.queries.contacts import PAGE_SIZE
from bookings.services.book import book_appointment
from bookings.services.cancel import cancel_appointment
from bookings.services.history import OPERATOR
from tests.bookings.situations import ADA, ELEVEN, TEN
from tests.bookings.views.appointments.pages import text, url
from tests.factories import NOW, AccountFactory, CalendarMemberFactory, ContactFactory, MemberFactory

pytestmark = pytest.mark.usefixtures("at_now")
CHANGED = {
    "name": "Ada King",
    "email": "ada@example.org",
    "phone": "+49 170 1",
    "time_zone": "Asia/Tokyo",
    "locale": "de",
}
BOB = replace(ADA, name="Bob Byron", email="bob@example.org")


@pytest.fixture
def manager(client, place):
    member = MemberFactory(account=place.calendar.account, role=Role.MANAGER)
    client.force_login(member.user)
    return member


@pytest.fixture
def host(client, place):
    client.force_login(place.member.user)
    return place.member


def listed(client, **asked):
    return [one.name for one in client.get(url("contacts"), asked).context["page"]]


def rows(client, **asked):
    response = client.get(url("contacts-export"), asked)
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))


def test_an_empty_list_says_how_somebody_gets_into_it(client, manager):
    page = text(client.get(url("contacts")))

    assert "Nobody has booked yet." in page
    assert "Show the public page" in page


def test_managers_see_all_contacts_of_their_account_and_no_others(client, manager, appointment):
    ContactFactory(account=manager.account, name="Zoe")
    ContactFactory(name="Elsewhere")

    assert listed(client) == ["Ada Lovelace", "Zoe"]


def test_staff_see_those_who_have_or_had_an_appointment_with_them(client, host, appointment):
    colleague = CalendarMemberFactory(calendar__account=host.account)
    book_appointment(colleague.calendar, starts_at=TEN, customer=BOB, now=NOW)
    cancel_appointment(appointment, now=NOW, by=OPERATOR)

    assert listed(client) == ["Ada Lovelace"]


def test_a_further_host_sees_the_contact_too(client, host, appointment):
    further = MemberFactory(account=host.account)
    appointment.further_hosts.add(further)
    client.force_login(further.user)

    assert listed(client) == ["Ada Lovelace"]
    assert client.get(url("contact", appointment.contact_id)).status_code == 200


def test_staff_read_figures_of_their_own_appointments_alone(client, host, appointment):
    colleague = CalendarMemberFactory(calendar__account=host.account)
    book_appointment(colleague.calendar, starts_at=ELEVEN, customer=ADA, now=NOW)

    (contact,) = client.get(url("contacts")).context["page"]

    assert (contact.number, contact.next_at, contact.last_at) == (1, TEN, None)


def test_what_a_search_finds_comes_alone_when_only_the_list_is_asked_for(client, manager, appointment):
    response = client.get(url("contacts"), {"q": "ada"}, HTTP_HX_TARGET="contacts")

    assert "<html" not in response.content.decode()
    assert 'hx-swap-oob="innerHTML">1 contact' in response.content.decode()


def test_a_search_without_result_says_so_and_shows_what_was_looked_for_as_text(client, manager, appointment):
    page = client.get(url("contacts"), {"q": "<b>nobody"}).content.decode()

    assert "Nobody is found for “&lt;b&gt;nobody”." in page


@pytest.mark.parametrize("asked", [{"q": "\x07"}, {"q": "x" * 101}])
def test_what_cannot_be_looked_for_is_said(client, manager, asked):
    response = client.get(url("contacts"), asked)

    assert response.status_code == 422
    assert "error-summary" in response.content.decode()


@pytest.mark.parametrize(
    "asked", [{"page": "x"}, {"page": "99"}, {"sort": "password"}, {"sort": "--name"}, {"q": "%_"}]
)
def test_a_hand_made_address_does_no_harm(client, manager, appointment, asked):
    assert client.get(url("contacts"), asked).status_code == 200


def test_pages_keep_search_and_order(client, manager):
    for number in range(PAGE_SIZE + 1):
        ContactFactory(account=manager.account, name=f"Ada {number:02}")

    first = client.get(url("contacts"), {"q": "ada", "sort": "-name"})

    assert [one.name for one in first.context["page"]][:2] == ["Ada 50", "Ada 49"]
    assert "?q=ada&amp;sort=-name&amp;page=2" in first.content.decode()
    assert listed(client, q="ada", sort="-name", page=2) == ["Ada 00"]


def test_more_contacts_take_no_more_queries(client, manager, place):
    def queries(page):
        with CaptureQueriesContext(connection) as caught:
            client.get(page)
        return len(caught)

    appointment = book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW)
    contact = url("contact", appointment.contact_id)
    client.get(contact)
    few = [queries(page) for page in (url("contacts"), contact)]
    for number in range(1, 30):
        customer = ADA if number % 2 else replace(ADA, name=f"Bob {number}", email=f"bob{number}@example.org")
        at = TEN + timedelta(days=1 + number // 10, minutes=30 * (number % 10))
        made = book_appointment(place.calendar, starts_at=at, customer=customer, now=NOW)
        made.further_hosts.add(MemberFactory(account=manager.account))

    assert [queries(page) for page in (url("contacts"), contact)] == few


def test_the_page_of_a_contact_tells_who_it_is_and_what_is_booked(client, host, appointment, place):
    off = book_appointment(place.calendar, starts_at=ELEVEN, customer=ADA, now=NOW)
    cancel_appointment(off, now=NOW, by=OPERATOR)

    response = client.get(url("contact", appointment.contact_id))
    page = text(response)

    assert [one.pk for one in response.context["coming"]] == [appointment.pk]
    assert [one.pk for one in response.context["page"]] == [off.pk]
    assert "ada@example.org" in page
    assert "London" in page
    assert f'href="{url("appointment-again", off.uid)}"' in response.content.decode()


def test_who_has_nothing_the_reader_may_book_is_booked_from_the_list_of_calendars(client, host, appointment, place):
    place.calendar.paused_at = NOW
    place.calendar.save()

    page = client.get(url("contact", appointment.contact_id)).content.decode()

    assert f'href="{url("appointment-new")}?account=' in page


def test_a_contact_reads_the_appointments_of_others_only_to_managers(client, host, appointment):
    colleague = CalendarMemberFactory(calendar__account=host.account)
    other = book_appointment(colleague.calendar, starts_at=ELEVEN, customer=ADA, now=NOW)

    mine = client.get(url("contact", appointment.contact_id)).content.decode()
    client.force_login(MemberFactory(account=host.account, role=Role.OWNER).user)
    all_of_them = client.get(url("contact", appointment.contact_id)).content.decode()

    assert (str(other.uid) in mine, str(other.uid) in all_of_them) == (False, True)


def test_a_contact_nobody_of_the_readers_places_may_see_equals_none(client, appointment):
    contact = appointment.contact_id
    pages = [url(name, pk) for name in ("contact", "contact-edit", "contact-forget") for pk in (contact, 10**9)]
    strangers = [
        MemberFactory(account=appointment.calendar.account),
        *(MemberFactory(role=role) for role in Role.values),
    ]

    for stranger in strangers:
        client.force_login(stranger.user)
        assert {client.get(page).status_code for page in pages} == {404}
        assert {client.post(page, CHANGED).status_code for page in pages[2:]} == {404}


def test_whoever_is_not_signed_in_is_asked_to(client, appointment):
    pages = [url("contacts"), url("contacts-export")]
    pages += [url(name, appointment.contact_id) for name in ("contact", "contact-edit", "contact-forget")]

    assert [client.get(page)["Location"] for page in pages] == [f"/sign-in/?next={page}" for page in pages]


def test_a_manager_changes_what_is_known(client, manager, appointment):
    response = client.post(url("contact-edit", appointment.contact_id), {**CHANGED, "email": "King@Example.org"})

    assert response["Location"] == url("contact", appointment.contact_id)
    known = Contact.objects.get()
    assert (known.name, known.email, known.phone, str(known.time_zone), known.locale) == (
        "Ada King",
        "king@example.org",
        "+49 170 1",
        "Asia/Tokyo",
        "de",
    )


def test_the_address_of_another_contact_is_refused_beside_the_field(client, manager, appointment):
    ContactFactory(account=manager.account, email="bob@example.org")

    response = client.post(url("contact-edit", appointment.contact_id), {**CHANGED, "email": "BOB@example.org"})

    assert response.status_code == 422
    assert "Another contact has this address already." in text(response)
    assert Contact.objects.get(pk=appointment.contact_id).email == "ada@example.org"


def test_staff_change_everything_but_the_address(client, host, appointment):
    client.post(url("contact-edit", appointment.contact_id), {**CHANGED, "email": "mine@example.org"})

    known = Contact.objects.get()
    assert (known.name, known.email) == ("Ada King", "ada@example.org")


def test_deleting_personal_data_asks_first_and_is_for_managers_alone(client, manager, place):
    contact = ContactFactory(account=manager.account)
    page = url("contact-forget", contact.pk)

    assert "What goes" in text(client.get(page))
    assert Contact.objects.get().name == "Ada Lovelace"
    client.post(page)

    assert Contact.objects.get().is_forgotten
    assert "Privacy" not in text(client.get(url("contact", contact.pk)))
    assert listed(client) == []
    assert {client.get(url(name, contact.pk)).status_code for name in ("contact-edit", "contact-forget")} == {404}


def test_staff_delete_no_personal_data(client, host, appointment):
    cancel_appointment(appointment, now=NOW, by=OPERATOR)
    page = url("contact-forget", appointment.contact_id)

    assert (client.get(page).status_code, client.post(page).status_code) == (404, 404)


def test_who_is_still_to_come_is_not_deleted(client, manager, appointment):
    page = url("contact-forget", appointment.contact_id)

    assert "An appointment is still to come" in text(client.get(page))
    assert "Nothing was deleted" in text(client.post(page, follow=True))
    assert Contact.objects.get().name == "Ada Lovelace"


def test_the_export_holds_all_pages_of_what_the_search_shows(client, manager, appointment):
    for number in range(PAGE_SIZE + 1):
        ContactFactory(account=manager.account, name=f"Bob {number:02}")

    assert rows(client, q="lovelace") == [
        [
            "Name",
            "E-mail address",
            "Telephone",
            "Time zone",
            "Language",
            "Last appointment",
            "Next appointment",
            "Appointments",
        ],
        ["Ada Lovelace", "ada@example.org", "", "Europe/London", "English", "", "2026-11-23T10:00+01:00", "1"],
    ]
    assert len(rows(client)) == PAGE_SIZE + 3


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1"])
def test_a_name_like_a_formula_is_exported_as_text(client, manager, name):
    ContactFactory(account=manager.account, name=name)

    assert rows(client)[1][0] == f"'{name}"


def test_staff_export_their_own_contacts(client, host, appointment):
    ContactFactory(account=host.account, name="Of a colleague")

    assert [row[0] for row in rows(client)] == ["Name", "Ada Lovelace"]


def test_another_account_is_asked_for_by_its_name(client, manager, appointment):
    other = MemberFactory(user=manager.user, account=AccountFactory(), role=Role.OWNER)
    ContactFactory(account=other.account, name="Over there")

    assert listed(client, account=other.account.slug) == ["Over there"]
    assert client.get(reverse("bookings:contacts"), {"account": "nobodys"}).status_code == 404
