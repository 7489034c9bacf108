"""The share panel: link, QR code and the snippet for other websites, and which websites those may be."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import StaffRequest, member_page, shell
from accounts.models import Member
from accounts.services.embedding import allow_embedding
from accounts.services.first_steps import note_shared_link
from availability.models import Calendar
from bookings.core.qr_code import qr_svg
from bookings.forms.embedding import WebsitesForm
from bookings.queries.first_steps import first_steps_of
from bookings.queries.share import Links, calendar_shared_by, links_to, links_to_group
from bookings.queries.team import team_of


@member_page
@require_safe
def share(request: StaffRequest, pk: int) -> HttpResponse:
    """One calendar; ``?host=`` names somebody who is chosen beforehand."""
    calendar = _shared(request, pk)
    hosts = team_of(calendar).choice
    host = _named(request, hosts)
    more = {"calendar": calendar, "hosts": hosts, "host": host}
    return _panel(request, links_to(calendar, host), calendar.name, more)


@member_page
@require_safe
def share_group(request: StaffRequest) -> HttpResponse:
    """The page that lists everything the account offers."""
    account = request.member.account
    return _panel(request, links_to_group(account), account.name, {"hosts": (), "websites": _websites(request)})


@member_page
@require_safe
def qr(request: StaffRequest, pk: int) -> HttpResponse:
    calendar = _shared(request, pk)
    return _picture(request, links_to(calendar, _named(request, team_of(calendar).choice)), calendar.slug)


@member_page
@require_safe
def qr_group(request: StaffRequest) -> HttpResponse:
    account = request.member.account
    return _picture(request, links_to_group(account), account.slug)


@member_page
@require_POST
def link(request: StaffRequest) -> HttpResponse:
    """A link was copied, or is to be shown: the last of the first steps."""
    note_shared_link(request.member, now=timezone.now())
    if getattr(request, "htmx", False):
        return HttpResponse(status=204)
    if first_steps_of(request.member).is_complete:
        messages.success(request, _("Everything is ready: people can book you."))
    return _to_group(request)


@member_page
@require_POST
def websites(request: StaffRequest) -> HttpResponse:
    if not request.member.manages:
        raise Http404
    form = WebsitesForm(request.POST)
    account = request.member.account
    if not form.is_valid():
        more = {"hosts": (), "websites": form, "form": form}
        return _panel(request, links_to_group(account), account.name, more, status=422)
    allow_embedding(account, form.cleaned_data["websites"])
    messages.success(request, _("Saved. Exactly these websites may show your booking pages from now on."))
    return _to_group(request, "#embed")


def _shared(request: StaffRequest, pk: int) -> Calendar:
    calendar = calendar_shared_by(request.member, pk)
    if calendar is None:
        raise Http404
    return calendar


def _named(request: StaffRequest, hosts: Sequence[Member]) -> Member | None:
    return next((member for member in hosts if member.slug == request.GET.get("host")), None)


def _websites(request: StaffRequest) -> WebsitesForm | None:
    sites = request.member.account.embedding_sites
    return WebsitesForm(initial={"websites": "\n".join(sites)}) if request.member.manages else None


def _panel(
    request: StaffRequest, links: Links, name: str, more: dict[str, object], *, status: int = 200
) -> HttpResponse:
    context = {**shell(request), "links": links, "name": name, "snippet": _snippet(links, name), **more}
    return render(request, "bookings/share.html", context, status=status)


def _snippet(links: Links, name: str) -> str:
    """Text that is HTML on the other website, whatever stands in the name."""
    frame = '<iframe src="{}" title="{}" width="100%" height="820" frameborder="0" loading="lazy"></iframe>'
    # no longer marked as safe: here it is shown, not used
    return format_html(frame, links.embedded, name)[:]


def _picture(request: StaffRequest, links: Links, name: str) -> HttpResponse:
    """Opened by itself it is a page of its own: nothing in it may ask for anything."""
    answer = HttpResponse(qr_svg(links.page), content_type="image/svg+xml")
    answer["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    if "download" in request.GET:
        answer["Content-Disposition"] = f'attachment; filename="{name}.svg"'
    return answer


def _to_group(request: StaffRequest, part: str = "") -> HttpResponse:
    return redirect(f"{resolve_url('bookings:share-group')}?account={request.member.account.slug}{part}")
