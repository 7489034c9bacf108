"""Contacts: the customers of the account, what they have booked, and what is known of them."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import StaffRequest, member_page, shell
from bookings.forms.contact import ContactForm, ContactSearchForm
from bookings.models import Contact
from bookings.queries.contacts import (
    PAGE_SIZE,
    Wanted,
    coming_of,
    contact_for,
    contacts_of,
    earlier_of,
    last_to_repeat,
)
from bookings.services.change_contact import AddressTaken, change_contact
from bookings.services.forget_contact import StillComing, forget_contact
from bookings.views.download import csv_download

_AT_ONCE = 500


@member_page
@require_safe
def contacts(request: StaffRequest) -> HttpResponse:
    """Search, order and page stand in the address."""
    form = ContactSearchForm(request.GET)
    wanted = form.wanted() if form.is_valid() else Wanted()
    found = contacts_of(request.member, wanted, now=timezone.now())
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {**shell(request), "form": form, "wanted": wanted, "page": page}
    is_part = request.headers.get("HX-Target") == "contacts"
    template = "bookings/contacts_changed.html" if is_part else "bookings/contacts.html"
    return render(request, template, context, status=422 if form.errors else 200)


@member_page
@require_safe
def contacts_export(request: StaffRequest) -> HttpResponse:
    """What the search shows, all pages of it."""
    form = ContactSearchForm(request.GET)
    if not form.is_valid():
        return contacts(request)
    found = contacts_of(request.member, form.wanted(), now=timezone.now())
    return csv_download(_rows(found), name="contacts")


@member_page
@require_safe
def contact(request: StaffRequest, pk: int) -> HttpResponse:
    found, now = _seen(request, pk), timezone.now()
    reader = request.member
    earlier = Paginator(earlier_of(found, reader=reader, now=now), PAGE_SIZE)
    context = {
        **shell(request),
        "contact": found,
        "coming": coming_of(found, reader=reader, now=now),
        "page": earlier.get_page(request.GET.get("page")),
        "last": None if found.is_forgotten else last_to_repeat(found, reader=reader),
    }
    return render(request, "bookings/contact.html", context)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    found = _seen(request, pk)
    if found.is_forgotten:
        raise Http404
    form = ContactForm(request.POST or None, contact=found, may_change_address=request.member.manages)
    if form.is_valid() and _saved(found, form):
        messages.success(request, _("What is known of %(name)s is saved.") % {"name": form.cleaned_data["name"]})
        return redirect("bookings:contact", pk=found.pk)
    context = {**shell(request), "contact": found, "form": form}
    return render(request, "bookings/contact_form.html", context, status=422 if form.errors else 200)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def forget(request: StaffRequest, pk: int) -> HttpResponse:
    """GET says what goes and what stays, POST does it. Only for those who manage the account."""
    found, now = _seen(request, pk), timezone.now()
    if found.is_forgotten or not request.member.manages:
        raise Http404
    if request.method == "POST":
        return _forget(request, found, now)
    coming = coming_of(found, reader=request.member, now=now)
    return render(request, "bookings/contact_forget.html", {**shell(request), "contact": found, "coming": coming})


def _seen(request: StaffRequest, pk: int) -> Contact:
    """The contact; from now on the reader acts as the member of its account."""
    found = contact_for(request.members, pk)
    if found is None:
        raise Http404
    request.member = next(one for one in request.members if one.account_id == found.account_id)
    return found


def _saved(found: Contact, form: ContactForm) -> bool:
    try:
        change_contact(found, **form.cleaned_data)
    except AddressTaken:
        form.add_error("email", _("Another contact has this address already. Each address belongs to one contact."))
        return False
    except Contact.DoesNotExist as gone:
        raise Http404 from gone
    return True


def _forget(request: StaffRequest, found: Contact, now: datetime) -> HttpResponse:
    try:
        forget_contact(found, now=now)
    except StillComing:
        messages.error(
            request, _("Nothing was deleted: an appointment is still to come. Cancel it or wait until it is over.")
        )
    else:
        messages.success(request, _("The personal data is deleted. The appointments stay, without name and address."))
    return redirect("bookings:contact", pk=found.pk)


def _rows(found: QuerySet[Contact]) -> Iterator[tuple[str, ...]]:
    yield (
        _("Name"),
        _("E-mail address"),
        _("Telephone"),
        _("Time zone"),
        _("Language"),
        _("Last appointment"),
        _("Next appointment"),
        _("Appointments"),
    )
    for one in found.iterator(chunk_size=_AT_ONCE):
        yield (
            one.name,
            one.email,
            one.phone,
            str(one.time_zone),
            str(one.get_locale_display()),
            *_moments((one.last_at, one.next_at)),  # type: ignore[attr-defined]
            str(one.number),  # type: ignore[attr-defined]
        )


def _moments(moments: Iterable[datetime | None]) -> Iterator[str]:
    for at in moments:
        yield localtime(at).isoformat(timespec="minutes") if at else ""
