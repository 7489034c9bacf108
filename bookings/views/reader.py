"""In which zone somebody reads a public page (A8)."""

from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse

from availability.models import Calendar
from bookings.core.zones import OFFERED, zone_named

COOKIE = "time_zone"
_A_YEAR = 365 * 24 * 3600


def reader_zone(request: HttpRequest, calendar: Calendar) -> ZoneInfo:
    """What the reader chose, else what their browser said, else the account's; the account's alone when locked."""
    account = ZoneInfo(str(calendar.account.time_zone))
    if calendar.time_zone_locked:
        return account
    named = (request.POST.get(COOKIE), request.GET.get(COOKIE), request.COOKIES.get(COOKIE))
    return next((zone for zone in map(zone_named, filter(None, named)) if zone), account)


def offered_zones(current: ZoneInfo, account: ZoneInfo) -> list[ZoneInfo]:
    """The zones of the picker, by city; the reader's and the account's are always among them."""
    names = {*OFFERED, current.key, account.key}
    return sorted((ZoneInfo(name) for name in names), key=lambda zone: zone.key.rpartition("/")[2])


def remember_zone(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Keep the zone that was picked, as the script would."""
    picked = zone_named(request.GET.get(COOKIE, ""))
    if picked:
        response.set_cookie(COOKIE, picked.key, max_age=_A_YEAR, samesite="Lax", secure=request.is_secure())
    return response
