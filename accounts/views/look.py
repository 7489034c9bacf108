"""The colour of an account: chosen with a picture of what it makes of a page, and served as two declarations."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import StaffRequest, manager_page, shell
from accounts.core.colour import READY, Pair
from accounts.core.palette import dark, light
from accounts.forms.account import LookForm
from accounts.models import Accent
from accounts.queries import account_by_slug
from accounts.services.save_account import dye
from accounts.views.going import to_page

_A_YEAR = "public, max-age=31536000, immutable"
_AN_HOUR = "public, max-age=3600"

# times on the drawn page, and where they stand
_TIMES = (("09:00", 30), ("10:30", 120), ("14:15", 210))


@manager_page
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: StaffRequest) -> HttpResponse:
    """``show`` only shows what is chosen; without it the choice is saved."""
    form = LookForm(request.POST) if request.method == "POST" else LookForm.of(request.member.account)
    if not form.is_valid():
        return _page(request, form, request.member.account.colours)
    if "show" in request.POST:
        return _page(request, form, form.pair)
    dye(request.member.account, accent=form.ready or request.member.account.accent, own_colour=form.own)
    messages.success(request, _("The colour is saved. Every page and every mail of the account has it from now on."))
    return to_page(request, "accounts:look")


@require_safe
def theme(request: HttpRequest, account: str) -> HttpResponse:
    """An own colour as a stylesheet that comes after the house's; its address names the colour, so it never changes."""
    found = account_by_slug(account)
    if found is None or not found.own_colour:
        raise Http404
    pair = found.colours
    css = f":root {{ --accent-on-light: {pair.on_light}; --accent-on-dark: {pair.on_dark}; }}\n"
    response = HttpResponse(css, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = _A_YEAR if f"#{request.GET.get('v')}" == found.own_colour else _AN_HOUR
    return response


def _page(request: StaffRequest, form: LookForm, pair: Pair) -> HttpResponse:
    context = {
        **shell(request),
        "form": form,
        "ready": [(accent, READY[accent.value]) for accent in Accent],
        "times": _TIMES,
        "palettes": ((light(pair), _("On a light screen")), (dark(pair), _("On a dark screen"))),
        "written": form.own if form.is_bound and form.is_valid() else request.member.account.own_colour,
        "made": pair.on_light,
    }
    part = "show" in request.POST and getattr(request, "htmx", False)
    template = "accounts/look_preview.html" if part else "accounts/look.html"
    return render(request, template, context, status=422 if form.errors else 200)
