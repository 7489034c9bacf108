"""The mail about an open question: what happened, what is safe, where it is answered."""

from collections.abc import Iterator

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from bookings.core.plain_text import one_line
from bookings.mails.page import Button, Fact, Page, Words
from integrations.queries.attention import Card
from integrations.templatetags.answer_words import offered
from integrations.templatetags.question_words import customers, happened, safe, stretch, subject_words

# of many appointments a mail names the first ones
_MOST_NAMED = 20


def question_page(card: Card) -> Page:
    account, one = card.question.member.account, card.one
    page = f"{settings.PUBLIC_BASE_URL}{reverse('integrations:attention')}?account={account.slug}"
    return Page(
        account=account,
        words=Words(
            subject=_("Needs you: %(what)s") % {"what": _what(card)},
            title=one_line(card.question.get_kind_display()),
            lead=one_line(f"{happened(card)} {safe(card)}"),
        ),
        starts_at=one.starts_at if one else None,
        ends_at=one.ends_at if one else None,
        is_off=one is not None and not one.is_active,
        facts=tuple(_facts(card)),
        buttons=(Button(words=_("Answer this question"), url=f"{page}#question-{card.question.uid}"),),
        after=_("Until you answer, everything stays as it is."),
        because=_("You get this mail because a calendar of yours is connected at %(account)s.")
        % {"account": one_line(account.name)},
    )


def _what(card: Card) -> str:
    return one_line(f"{card.question.get_kind_display()}: {subject_words(card)}")


def _facts(card: Card) -> Iterator[Fact]:
    if card.one is not None:
        yield Fact(label=_("What"), text=one_line(card.one.calendar.name))
        yield Fact(label=_("Customer"), text=one_line(customers(card)))
    elif card.appointments:
        yield Fact(label=_("Appointments"), lines=tuple(_named(card)))
    yield Fact(label=_("Answers"), text=", ".join(one_line(answer.label) for answer in offered(card)))


def _named(card: Card) -> Iterator[str]:
    for one in card.appointments[:_MOST_NAMED]:
        yield one_line(f"{stretch(one.starts_at, one.ends_at)}, {one.customer_name}")
    more = len(card.appointments) - _MOST_NAMED
    if more > 0:
        yield _("and %(count)d more") % {"count": more}
