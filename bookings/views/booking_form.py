"""A calendar's booking form as those who manage it set it: its questions, approval, notice period, reminders."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import StaffRequest, member_page, shell
from availability.models import Calendar
from availability.queries.calendars import managed_calendar
from bookings.forms.booking_form import QuestionForm, TermsForm
from bookings.models import Question
from bookings.models.question import MOST_QUESTIONS
from bookings.queries.terms import terms_of
from bookings.services.booking_form import (
    TooManyQuestions,
    add_question,
    change_question,
    move_question,
    remove_question,
    save_terms,
)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def booking_form(request: StaffRequest, pk: int) -> HttpResponse:
    """The questions in order, and the terms."""
    calendar = _managed(request, pk)
    form = TermsForm(request.POST if request.method == "POST" else None, instance=terms_of(calendar))
    if form.is_valid():
        save_terms(calendar, form.cleaned_data)
        messages.success(request, _("The terms of “%(calendar)s” are saved.") % {"calendar": calendar.name})
        return _back(request, calendar)
    questions = Question.objects.filter(calendar=calendar).order_by("position", "pk")
    context = {"form": form, "questions": questions, "most": MOST_QUESTIONS}
    return _page(request, "bookings/booking_form.html", calendar, context, form)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def question_new(request: StaffRequest, pk: int) -> HttpResponse:
    calendar = _managed(request, pk)
    form = QuestionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = add_question(calendar, form.values())
        except TooManyQuestions:
            form.add_error(None, _("A form has at most %(number)d questions.") % {"number": MOST_QUESTIONS})
        else:
            return _saved(request, calendar, made.label)
    return _page(request, "bookings/question.html", calendar, {"form": form, "question": None}, form)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: StaffRequest, pk: int, question_pk: int) -> HttpResponse:
    calendar = _managed(request, pk)
    found = _question(calendar, question_pk)
    label = found.label
    form = QuestionForm(request.POST if request.method == "POST" else None, instance=found)
    if form.is_valid():
        try:
            change_question(found, form.values())
        except Question.DoesNotExist as gone:
            raise Http404 from gone
        return _saved(request, calendar, form.cleaned_data["label"])
    context = {"form": form, "question": found, "label": label}
    return _page(request, "bookings/question.html", calendar, context, form)


@member_page
@require_POST
def question_move(request: StaffRequest, pk: int, question_pk: int) -> HttpResponse:
    """``to`` is "up" or "down"."""
    calendar = _managed(request, pk)
    found = _question(calendar, question_pk)
    if request.POST.get("to") not in ("up", "down"):
        raise Http404
    move_question(found, up=request.POST["to"] == "up")
    return _back(request, calendar, f"#question-{found.pk}")


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def question_remove(request: StaffRequest, pk: int, question_pk: int) -> HttpResponse:
    """GET says what becomes of answers, POST removes."""
    calendar = _managed(request, pk)
    found = _question(calendar, question_pk)
    if request.method != "POST":
        return _page(request, "bookings/question_remove.html", calendar, {"question": found})
    remove_question(found)
    messages.success(request, _("“%(question)s” is not asked any more.") % {"question": found.label})
    return _back(request, calendar)


def _managed(request: StaffRequest, pk: int) -> Calendar:
    calendar = managed_calendar(request.member, pk)
    if calendar is None:
        raise Http404
    return calendar


def _question(calendar: Calendar, pk: int) -> Question:
    found = Question.objects.filter(calendar=calendar, pk=pk).first()
    if found is None:
        raise Http404
    return found


def _saved(request: StaffRequest, calendar: Calendar, label: str) -> HttpResponse:
    messages.success(request, _("“%(question)s” is saved, and asked from now on.") % {"question": label})
    return _back(request, calendar)


def _back(request: StaffRequest, calendar: Calendar, part: str = "") -> HttpResponse:
    page = resolve_url("bookings:booking-form", calendar.pk)
    return redirect(f"{page}?account={request.member.account.slug}{part}")


def _page(
    request: StaffRequest,
    template: str,
    calendar: Calendar,
    context: dict[str, object],
    form: TermsForm | QuestionForm | None = None,
) -> HttpResponse:
    status = 422 if form is not None and form.errors else 200
    return render(request, template, {**shell(request), "calendar": calendar, **context}, status=status)
