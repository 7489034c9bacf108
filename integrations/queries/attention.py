"""What waits for its owner (Y17): open questions that still matter, with what they are about, and broken logins."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import Member, User
from bookings.models import Appointment
from integrations.models import AnswerKind, Connection, ConnectionState, OpenQuestion, QuestionKind, RemoteCopy

_ABOUT_ONE = (QuestionKind.DELETED, QuestionKind.PUT_BACK, QuestionKind.CONFLICT)
_OF_A_DELETION = (AnswerKind.CANCEL, AnswerKind.WRITE_AGAIN, AnswerKind.LEAVE_OUT)
_ANSWERS: Mapping[str, tuple[AnswerKind, ...]] = {
    QuestionKind.DELETED: _OF_A_DELETION,
    QuestionKind.PUT_BACK: (AnswerKind.MOVE_ANYWAY, AnswerKind.KEEP),
    QuestionKind.CONFLICT: (AnswerKind.KEEP,),
    QuestionKind.BRAKE: _OF_A_DELETION,
    QuestionKind.NOT_WRITABLE: (AnswerKind.KEEP,),
    QuestionKind.STUCK: (AnswerKind.WRITE_AGAIN, AnswerKind.KEEP),
}
_NOT_ALLOWED = "not_allowed"


@dataclass(frozen=True, slots=True)
class Card:
    """An open question as it is put, and the ``answers`` to it.

    ``appointments``: what it is about; of a class session every seat that is taken.
    """

    question: OpenQuestion
    appointments: tuple[Appointment, ...]
    answers: tuple[AnswerKind, ...]

    @property
    def one(self) -> Appointment | None:
        """The appointment, or a seat of the class: calendar, host and time are the same for all."""
        return self.appointments[0] if self.appointments and self.question.kind != QuestionKind.BRAKE else None

    @property
    def items(self) -> tuple[UUID, ...]:
        """What lies in the connected calendar, each once."""
        return tuple(dict.fromkeys(one.session_uid or one.uid for one in self.appointments))

    @property
    def seen(self) -> str:
        """Names what is shown: whoever answers to something else has not seen what they answer to."""
        shown = sorted(f"{one.uid} {one.starts_at.timestamp()}" for one in self.appointments)
        return sha256("\n".join(shown).encode()).hexdigest()[:16]

    def moment(self, name: str) -> datetime | None:
        """A time among the facts."""
        told = self.question.facts.get(name)
        return datetime.fromisoformat(told) if told else None


def questions_that_matter(now: datetime) -> QuerySet[OpenQuestion]:
    """Open, and what they are about is still to come."""
    return OpenQuestion.objects.open().filter(_matters(now))


def questions_settled(now: datetime) -> QuerySet[OpenQuestion]:
    """Open, but what they are about is over, cancelled, gone, or somebody else's by now."""
    return OpenQuestion.objects.open().filter(~_matters(now))


def cards_of(member: Member, *, now: datetime) -> Sequence[Card]:
    """Newest first; three queries, however many there are."""
    found = list(_with_all(questions_that_matter(now).filter(member=member)).order_by("-asked_at", "-pk"))
    return _cards(found, now)


def card_of(question: OpenQuestion, *, now: datetime) -> Card | None:
    """None when it is answered, or does not matter any more."""
    found = list(_with_all(questions_that_matter(now).filter(pk=question.pk)))
    return next(iter(_cards(found, now)), None)


def number_of_questions(member: Member, *, now: datetime) -> int:
    return questions_that_matter(now).filter(member=member).count()


def waiting_elsewhere(member: Member, *, now: datetime) -> Sequence[Mapping[str, object]]:
    """The user's other accounts with questions: ``name``, ``slug`` and ``number``."""
    others = questions_that_matter(now).filter(user=member.user_id).exclude(member=member)
    names = {"name": "member__account__name", "slug": "member__account__slug"}
    found = others.order_by("member__account__name").values(*names.values()).annotate(number=Count("pk"))
    return [{"number": one["number"], **{name: one[path] for name, path in names.items()}} for one in found]


def broken_connections(user: User) -> Sequence[Connection]:
    """Logins of the user that wait for them; the one that waits longest first."""
    broken = Connection.objects.of(user).filter(state=ConnectionState.BROKEN, switched_off_at__isnull=True)
    return list(broken.defer("credential").order_by("broken_at", "pk"))


def _matters(now: datetime) -> Q:
    """Each kind for as long as somebody can do something about it."""
    to_come = Appointment.objects.filter(ends_at__gt=now)
    about = Q(uid=OuterRef("item_uid")) | Q(session_uid=OuterRef("item_uid"))
    further = Appointment.further_hosts.through.objects.filter(member=OuterRef(OuterRef("member")))
    theirs = Q(host=OuterRef("member")) | Q(pk__in=further.values("appointment"))
    missing = RemoteCopy.objects.filter(remote_calendar=OuterRef("remote_calendar"), missing_since__isnull=False)
    copied = to_come.active().filter(Q(uid=OuterRef("uid")) | Q(session_uid=OuterRef("uid")))
    return (
        Q(kind__in=_ABOUT_ONE) & Exists(to_come.active().filter(about).filter(theirs))
        | Q(kind=QuestionKind.BRAKE) & Exists(missing.filter(Exists(copied)))
        | Q(kind=QuestionKind.STUCK) & Exists(to_come.filter(about))
        | Q(kind=QuestionKind.NOT_WRITABLE)
    )


def _with_all(questions: QuerySet[OpenQuestion]) -> QuerySet[OpenQuestion]:
    related = ("remote_calendar__connection", "member__account", "user")
    return questions.select_related(*related).defer("remote_calendar__connection__credential")


def _cards(questions: Sequence[OpenQuestion], now: datetime) -> Sequence[Card]:
    missing = _missing(questions)
    wanted = {uid for question in questions for uid in _items(question, missing)}
    found = _appointments(wanted, now) if wanted else {}
    return [_card(question, _items(question, missing), found, now) for question in questions]


def _card(
    question: OpenQuestion, items: Iterable[UUID], found: Mapping[UUID, Sequence[Appointment]], now: datetime
) -> Card:
    about = [one for uid in items for one in found.get(uid, ())]
    standing = [one for one in about if one.is_active]
    if question.kind == QuestionKind.STUCK:
        standing = standing or about
    card = Card(question, tuple(sorted(standing, key=lambda one: (one.starts_at, one.pk))), _ANSWERS[question.kind])
    if question.kind == QuestionKind.PUT_BACK and not _can_move(card, now):
        return Card(question, card.appointments, (AnswerKind.KEEP,))
    return card


def _can_move(card: Card, now: datetime) -> bool:
    """Only what was refused by the rules of its calendar, to a time that is not over."""
    wanted = card.moment("there_ends_at")
    is_session = any(one.session_uid for one in card.appointments)
    return card.question.facts.get("reason") == _NOT_ALLOWED and not is_session and wanted is not None and wanted > now


def _items(question: OpenQuestion, missing: Mapping[int, Sequence[UUID]]) -> Sequence[UUID]:
    if question.kind == QuestionKind.BRAKE:
        return missing.get(question.remote_calendar_id or 0, ())
    return [question.item_uid] if question.item_uid else []


def _missing(questions: Iterable[OpenQuestion]) -> Mapping[int, Sequence[UUID]]:
    """For each remote calendar that deleted too much at once, what is not there any more."""
    remotes = {one.remote_calendar_id for one in questions if one.kind == QuestionKind.BRAKE and one.remote_calendar_id}
    found: dict[int, list[UUID]] = {}
    if remotes:
        copies = RemoteCopy.objects.filter(remote_calendar__in=remotes, missing_since__isnull=False)
        for remote, uid in copies.values_list("remote_calendar_id", "uid"):
            found.setdefault(remote, []).append(uid)
    return found


def _appointments(items: Iterable[UUID], now: datetime) -> Mapping[UUID, Sequence[Appointment]]:
    """By the name they have outside."""
    items = set(items)
    named = Appointment.objects.filter(Q(uid__in=items) | Q(session_uid__in=items), ends_at__gt=now)
    found: dict[UUID, list[Appointment]] = {}
    for one in named.select_related("calendar__account", "contact", "host__user"):
        found.setdefault(one.session_uid or one.uid, []).append(one)
    return found
