"""From an order to a letter: open questions, and connections that broke."""

from datetime import datetime

from accounts.ports import Letter, MailOrder, compose_with
from bookings.core.plain_text import one_line
from bookings.mails.composing import letter_of, read_by
from integrations.mails.broken import broken_page
from integrations.mails.question import question_page
from integrations.models import OpenQuestion, QuestionKind
from integrations.queries.attention import card_of
from integrations.services.telling import MAIL as BROKEN
from integrations.services.telling import broken_connection, place_to_tell_from
from integrations.sync.asking import MAIL as QUESTION


def register() -> None:
    """Called once, when the apps are ready."""
    compose_with(_ask, (f"{QUESTION}{kind.value}" for kind in QuestionKind))
    compose_with(_tell, (BROKEN,))


def _ask(order: MailOrder, now: datetime) -> Letter | None:
    """None when the question was answered meanwhile, or has settled itself."""
    question = OpenQuestion.objects.open().filter(uid=order.subject_uid).first()
    card = card_of(question, now=now) if question else None
    if card is None:
        return None
    reader = card.question.user
    with read_by(reader.locale, reader.time_zone):
        return letter_of(question_page(card), recipient_name=one_line(reader.name))


def _tell(order: MailOrder, _now: datetime) -> Letter | None:
    """None when the connection was mended meanwhile."""
    connection = broken_connection(order.subject_uid)
    place = place_to_tell_from(connection) if connection else None
    if connection is None or place is None:
        return None
    with read_by(connection.user.locale, connection.user.time_zone):
        return letter_of(broken_page(connection, place), recipient_name=one_line(connection.user.name))
