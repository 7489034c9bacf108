"""My Calendar: the day, week, month or agenda of whoever works here, and of their colleagues as far as they may see."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import StaffRequest, member_page, shell
from accounts.models import Member
from bookings.core.week import month_around
from bookings.forms.my_calendar import (
    MOST_HOSTS,
    Asked,
    View,
    day_within_reach,
    known_accounts,
    known_kinds,
    named_hosts,
    view_if_any,
)
from bookings.queries.agenda import agenda_of
from bookings.queries.clocks import other_clocks
from bookings.queries.entries import KINDS, Looking
from bookings.queries.month import month_of
from bookings.queries.pending import number_of_requests
from bookings.queries.staff import colleagues_of
from bookings.queries.week import day_of, week_of

LAST_VIEW = "calendar_view"


@member_page
@require_safe
def my_calendar(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    zone = ZoneInfo(str(request.member.user.time_zone))
    today = now.astimezone(zone).date()
    colleagues = colleagues_of(request.member)
    hosts = named_hosts(request.GET.getlist("host"), request.member, colleagues)
    if hosts is None:
        raise Http404
    asked = _asked(request, hosts[:MOST_HOSTS], today)
    looking = _looking(request, hosts[:MOST_HOSTS], asked, zone)
    context = {
        **shell(request),
        "asked": asked,
        "view": asked.view,
        "hosts": looking.hosts,
        # entries say whose they are where several share a column
        "sharing": () if asked.view == View.DAY else looking.hosts,
        "is_own": looking.hosts == (request.member,),
        "too_many": len(hosts) > MOST_HOSTS,
        "colleagues": colleagues,
        "kinds": [(kind, kind in looking.kinds) for kind in KINDS],
        "today": today,
        "waiting": number_of_requests(request.member, now=now),
        "now": now,
        "zone": zone,
        **_shown(looking, asked, now),
    }
    with timezone.override(zone):
        return render(request, f"bookings/my_calendar_{asked.view}.html", context)


def _asked(request: StaffRequest, hosts: Sequence[Member], today: date) -> Asked:
    accounts = [member.account for member in request.members]
    return Asked(
        account=request.member.account.slug,
        view=_view(request),
        day=day_within_reach(request.GET.get("day", "")) or today,
        hosts=tuple(host.slug for host in hosts) if "host" in request.GET else (),
        accounts=known_accounts(request.GET.getlist("in"), accounts),
        kinds=known_kinds(request.GET.getlist("kind")),
    )


def _view(request: StaffRequest) -> View:
    """The one asked for, and from then on that one; at first the agenda on a phone and the week elsewhere."""
    view = view_if_any(request.GET.get("view", ""))
    if view is None:
        on_phone = "Mobi" in request.headers.get("User-Agent", "")
        usual = View.AGENDA if on_phone else View.WEEK
        return view_if_any(str(request.session.get(LAST_VIEW, ""))) or usual
    if request.session.get(LAST_VIEW) != view:
        request.session[LAST_VIEW] = str(view)
    return view


def _looking(request: StaffRequest, hosts: Sequence[Member], asked: Asked, zone: ZoneInfo) -> Looking:
    places = request.members
    wanted = frozenset(member.account_id for member in places if member.account.slug in asked.accounts)
    return Looking(
        reader=request.member,
        hosts=tuple(hosts),
        accounts={member.account_id: member.account for member in places},
        managed=frozenset(member.account_id for member in places if member.manages),
        zone=zone,
        within=wanted if asked.accounts else None,
        kinds=frozenset(asked.kinds or KINDS),
    )


def _shown(looking: Looking, asked: Asked, now: datetime) -> dict[str, object]:
    """What the template of the view draws; ``month`` is the small one beside it."""
    first = asked.first
    around = first + timedelta(days=3) if asked.view == View.WEEK else first
    beside: dict[str, object] = {
        "month": month_around(around),
        "month_day": around,
        "others": other_clocks(looking, first),
    }
    if asked.view == View.MONTH:
        return {**beside, "calendar_month": month_of(looking, day=asked.day, now=now)}
    if asked.view == View.AGENDA:
        return {**beside, "agenda": agenda_of(looking, first=first, now=now)}
    if asked.view == View.DAY:
        return {**beside, "week": day_of(looking, day=first, now=now)}
    return {**beside, "week": week_of(looking, first=first, now=now)}
