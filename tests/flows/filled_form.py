"""The booking form as a browser fills it in: fetched from the real site, with all it hides."""

from datetime import UTC, datetime
from http.client import HTTPConnection

from lxml import html

from availability.models import Calendar

ANSWERS = {"name": "Ada Lovelace", "email": "ada@example.org"}


def filled_form(port: int, calendar: Calendar, start: datetime) -> tuple[str, dict[str, str], str]:
    """Where it goes to, its fields, and the cookies to send with it."""
    page = f"/book/{calendar.account.slug}/{calendar.slug}/"
    asking = HTTPConnection("127.0.0.1", port, timeout=30)
    asking.request("GET", f"{page}?start={start.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
    answer = asking.getresponse()
    cookies = "; ".join(value.partition(";")[0] for value in answer.headers.get_all("Set-Cookie", ()))
    document = html.fromstring(answer.read())
    asking.close()
    (form,) = [one for one in document.forms if "email" in one.fields]
    fields = {name: value or "" for name, value in form.form_values()}
    return form.action or page, fields | ANSWERS, cookies
