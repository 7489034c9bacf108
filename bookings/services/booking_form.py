"""What a calendar's form asks, and on which terms it is booked: saving, ordering, copying."""

from collections.abc import Mapping
from itertools import count
from typing import Any

from django.db.models import Max
from django.utils.text import slugify

from availability.models import Calendar
from availability.services.retry import durable
from bookings.models import BookingTerms, Question
from bookings.models.question import MOST_QUESTIONS

_LONGEST_KEY = 40


class TooManyQuestions(Exception):
    """A calendar asks at most MOST_QUESTIONS questions."""


def save_terms(calendar: Calendar, values: Mapping[str, Any]) -> None:
    """Counts for what is booked from now on; the notice and the reminders for what is booked already as well."""
    durable(lambda: BookingTerms.objects.update_or_create(calendar=calendar, defaults=dict(values)))


def add_question(calendar: Calendar, values: Mapping[str, Any]) -> Question:
    """At the end of the form. Raises TooManyQuestions."""

    def add() -> Question:
        # two who add at once want neither the same key nor the same place
        Calendar.objects.select_for_update(no_key=True).get(pk=calendar.pk)
        standing = Question.objects.filter(calendar=calendar)
        if standing.count() >= MOST_QUESTIONS:
            raise TooManyQuestions
        last = standing.aggregate(last=Max("position"))["last"]
        position = 0 if last is None else last + 1
        key = _free_key(calendar, values["label"])
        return Question.objects.create(calendar=calendar, key=key, position=position, **values)

    return durable(add)


def change_question(question: Question, values: Mapping[str, Any]) -> None:
    """Answers already given keep the question as it was asked. ``Question.DoesNotExist`` if it was removed."""
    if not Question.objects.filter(pk=question.pk).update(**values):
        raise Question.DoesNotExist


def remove_question(question: Question) -> None:
    """Answers already given stay."""
    Question.objects.filter(pk=question.pk).delete()


def move_question(question: Question, *, up: bool) -> None:
    """One place up or down; at the end of the list nothing happens."""

    def move() -> None:
        Calendar.objects.select_for_update(no_key=True).get(pk=question.calendar_id)
        order = list(Question.objects.filter(calendar=question.calendar_id).order_by("position", "pk"))
        here = next((number for number, one in enumerate(order) if one.pk == question.pk), None)
        if here is None:
            return
        there = min(max(here + (-1 if up else 1), 0), len(order) - 1)
        order[here], order[there] = order[there], order[here]
        for position, one in enumerate(order):
            one.position = position
        Question.objects.bulk_update(order, ("position",))

    durable(move)


def copy_booking_form(original: Calendar, copy: Calendar) -> None:
    """Within the transaction that duplicates the calendar: the same questions, the same terms."""
    for question in Question.objects.filter(calendar=original):
        question.pk, question.calendar = None, copy
        question.save(force_insert=True)
    terms = BookingTerms.objects.filter(calendar=original).first()
    if terms:
        terms.calendar = copy
        terms.save(force_insert=True)


def _free_key(calendar: Calendar, label: str) -> str:
    """What the JSON interface calls the question, made of its words: "referral", "referral-2"."""
    wanted = slugify(label)[:_LONGEST_KEY].strip("-") or "question"
    # these two are the interface's own
    taken = {"note", "place", *Question.objects.filter(calendar=calendar).values_list("key", flat=True)}
    numbered = (f"{wanted[: _LONGEST_KEY - 4]}-{number}" for number in count(2))
    return wanted if wanted not in taken else next(key for key in numbered if key not in taken)
