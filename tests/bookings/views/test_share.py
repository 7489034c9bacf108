"""The share panel: link, QR code, snippet, and the websites that may show the pages."""

from html import unescape
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from accounts.roles import Role
from bookings.forms.embedding import WebsitesForm
from tests.bookings.views.appointments.pages import text
from tests.factories import CalendarFactory, CalendarMemberFactory, MemberFactory

GROUP = reverse("bookings:share-group")


@pytest.fixture(autouse=True)
def base(settings):
    settings.PUBLIC_BASE_URL = "https://book.example"


@pytest.fixture
def calendar(db):
    return CalendarFactory(name="First visit", slug="first-visit", account__slug="physio")


@pytest.fixture
def manager(client, calendar):
    member = MemberFactory(account=calendar.account, role=Role.MANAGER)
    client.force_login(member.user)
    return member


def panel(calendar, name="share"):
    return reverse(f"bookings:{name}", args=[calendar.pk])


def test_the_link_stands_in_a_field_that_can_be_copied_by_hand(client, manager, calendar):
    page = client.get(panel(calendar)).content.decode()

    assert '<input type="url" id="link" value="https://book.example/book/physio/first-visit/" readonly>' in page


def test_a_host_can_be_chosen_beforehand(client, manager, calendar):
    first, _second = (CalendarMemberFactory(calendar=calendar).member for _number in range(2))

    page = client.get(panel(calendar), {"host": first.slug}).content.decode()

    assert f'value="https://book.example/book/physio/first-visit/?host={first.slug}"' in page


def test_the_snippet_is_html_whatever_the_calendar_is_called(client, manager, calendar):
    calendar.name = '"><script>alert(1)</script>'
    calendar.save()

    page = client.get(panel(calendar)).content.decode()

    snippet = unescape(page.partition('<textarea id="snippet"')[2].partition(">")[2].partition("</textarea>")[0])
    assert snippet == (
        '<iframe src="https://book.example/embed/physio/first-visit/" '
        'title="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;" '
        'width="100%" height="820" frameborder="0" loading="lazy"></iframe>'
    )


def test_the_qr_code_is_a_picture_that_asks_for_nothing(client, manager, calendar):
    response = client.get(panel(calendar, "share-qr"))

    assert response["Content-Type"] == "image/svg+xml"
    assert response["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert ElementTree.fromstring(response.content).tag == "{http://www.w3.org/2000/svg}svg"
    assert b"style" not in response.content


def test_the_qr_code_can_be_downloaded(client, manager, calendar):
    response = client.get(panel(calendar, "share-qr"), {"download": ""})

    assert response["Content-Disposition"] == 'attachment; filename="first-visit.svg"'


def test_the_page_of_the_account_has_a_panel_too(client, manager):
    page = client.get(GROUP).content.decode()

    assert 'value="https://book.example/book/physio/"' in page
    assert client.get(reverse("bookings:share-group-qr")).status_code == 200


def test_copying_is_noted_without_a_new_page(client, manager):
    response = client.post(reverse("bookings:share-link"), headers={"HX-Request": "true"})

    manager.refresh_from_db()
    assert (response.status_code, manager.shared_link_at is not None) == (204, True)


def test_staff_share_what_they_serve_and_change_no_websites(client, calendar):
    member = CalendarMemberFactory(calendar=calendar).member
    other = CalendarFactory(account=calendar.account)
    client.force_login(member.user)

    assert client.get(panel(calendar)).status_code == 200
    assert client.get(panel(other)).status_code == 404
    assert client.get(panel(other, "share-qr")).status_code == 404
    assert "Save the websites" not in text(client.get(GROUP))
    assert client.post(reverse("bookings:share-websites"), {"websites": ""}).status_code == 404


@pytest.mark.parametrize("name", ["share", "share-qr"])
def test_what_belongs_to_another_account_does_not_exist(client, manager, name):
    assert client.get(panel(CalendarFactory(), name)).status_code == 404


def test_websites_are_saved_in_the_spelling_browsers_use(client, manager):
    sent = {
        "websites": " https://WWW.Example.com/ \n\nhttps://example.com:443\nhttps://example.com:8443\nhttps://müller.de"
    }

    client.post(reverse("bookings:share-websites"), sent)

    manager.account.refresh_from_db()
    assert manager.account.embedding_sites == [
        "https://www.example.com",
        "https://example.com",
        "https://example.com:8443",
        "https://xn--mller-kva.de",
    ]


@pytest.mark.parametrize(
    ("website", "said"),
    [
        ("http://example.com", "must begin with https://"),
        ("https://example.com/booking", "Only this, please: https://example.com"),
        ("https://*.example.com", "is not the address of a website"),
        ("*", "is not the address of a website"),
        ("https:", "is not the address of a website"),
        ("https://example.com:99999", "is not the address of a website"),
        ("https://user@example.com", "is not the address of a website"),
        ("https://example.com; script-src *", "is not the address of a website"),
        ("https://example.com 'unsafe-inline'", "is not the address of a website"),
        ("https://a..b", "is not the address of a website"),
        ("https://" + "ä" * 80, "is not the address of a website"),
        ("javascript:alert(1)", "is not the address of a website"),
        ("data:", "is not the address of a website"),
    ],
)
def test_what_is_no_origin_is_refused(website, said):
    form = WebsitesForm({"websites": website})

    assert not form.is_valid()
    assert said in form.errors["websites"][0]


def test_refused_websites_stay_in_the_form(client, manager):
    response = client.post(reverse("bookings:share-websites"), {"websites": "http://example.com"})

    manager.account.refresh_from_db()
    assert (response.status_code, manager.account.embedding_sites) == (422, [])
    assert "http://example.com</textarea>" in response.content.decode()
