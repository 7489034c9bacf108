"""Every mail arrives, and arrives once, whatever the mail server does; twice only where a worker died in between (B7).

``HOLDFAST_RUNS`` says how long the trial is. Each has a fresh seed; a failure names it, ``HOLDFAST_SEED`` repeats it.
"""

import os
import random
import secrets
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest
from django.db import connection, transaction
from django_q.tasks import async_task

from accounts.models import OutgoingMail
from accounts.services.mail_claims import release_dead_mail_claims
from config.heartbeats import last_heard
from tests.factories import AccountFactory, OutgoingMailFactory
from tests.flows.conftest import Workers, eventually
from tests.flows.mail_workers import MailWorkers, sessions
from tests.servers.smtp import Fault, MailSink, Script, Step, all_well, once

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]

RUNS = int(os.environ.get("HOLDFAST_RUNS", "8"))
MAILS, KILLS = 15 * RUNS, 2 * RUNS
BEAT = "config.heartbeats.beat"
TIMEOUT_SECONDS = 1
ANSWER_SECONDS = 4
REFUSALS = ("421 4.3.2 closing", "450 4.2.0 busy", "451 4.7.1 later", "550 5.1.1 no such user", "554 5.7.1 no")


@pytest.fixture(scope="module")
def server() -> Iterator[MailSink]:
    with MailSink() as server:
        yield server


@pytest.fixture
def sink(server: MailSink) -> MailSink:
    """The server, good again and with nothing taken yet."""
    server.forget()
    return server


@pytest.fixture(scope="module")
def environment(server: MailSink, django_db_setup: None) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**connection.settings_dict),
        "DJANGO_SETTINGS_MODULE": "tests.flows.mail_site",
        "EMAIL_URL": server.url,
        "EMAIL_TIMEOUT_SECONDS": str(TIMEOUT_SECONDS),
        "EMAIL_ANSWER_SECONDS": str(ANSWER_SECONDS),
        "MAIL_FIRST_WAIT_SECONDS": "0.02",
    }


@pytest.fixture(scope="module")
def crew(environment: dict[str, str]) -> Iterator[MailWorkers]:
    with MailWorkers(environment) as workers:
        yield workers


@pytest.fixture
def senders(transactional_db: None, crew: MailWorkers) -> Iterator[MailWorkers]:
    yield crew
    crew.kill()


@pytest.fixture
def work(transactional_db: None, environment: dict[str, str], tmp_path: Path) -> Iterator[Workers]:
    """The real command, with its queue and its supervisor."""
    workers = Workers(environment, tmp_path / "work.log")
    yield workers
    workers.stop()


def queue(number: int) -> set[str]:
    """So many mails that are due, to one recipient each."""
    account = AccountFactory()
    return {mail.message_id for mail in OutgoingMailFactory.create_batch(number, account=account)}


def all_are_sent() -> bool:
    return not OutgoingMail.objects.filter(sent_at__isnull=True).exists()


def taken_but_not_written_down(sink: MailSink) -> set[str]:
    """What the server has and we do not know of: while nobody sends, exactly the mails in the window of B7."""
    unsent = set(OutgoingMail.objects.filter(sent_at__isnull=True).values_list("message_id", flat=True))
    return unsent & set(sink.deliveries())


@contextmanager
def written_down_in_vain(mail: OutgoingMail, gate: Event) -> Iterator[None]:
    """Inside, a worker has its 250 and waits for our lock to write that down."""
    with transaction.atomic():
        OutgoingMail.objects.select_for_update().get(pk=mail.pk)
        gate.set()
        eventually(lambda: sessions(where="wait_event_type = 'Lock'"))
        yield


def test_a_worker_killed_between_the_servers_yes_and_our_commit_sends_that_mail_once_more(
    sink: MailSink, senders: MailWorkers
) -> None:
    expected, gate = queue(3), Event()
    sink.script = once(Step.DOT, Fault(gate=gate, accepted=True))
    senders.start()
    eventually(lambda: sink.accepted)
    first = OutgoingMail.objects.get(message_id=sink.accepted[0].message_id)

    with written_down_in_vain(first, gate):
        senders.kill()
    window = taken_but_not_written_down(sink)
    release_dead_mail_claims()
    senders.start()
    eventually(all_are_sent)

    assert window == {first.message_id}
    assert sink.deliveries() == Counter({one: 2 if one == first.message_id else 1 for one in expected})


def test_a_lost_database_session_makes_no_mail_go_twice(sink: MailSink, senders: MailWorkers) -> None:
    expected, gate = queue(3), Event()
    sink.script = once(Step.DOT, Fault(gate=gate, accepted=True))
    senders.start()
    eventually(lambda: sink.accepted)

    sessions("pg_terminate_backend(pid)")
    gate.set()
    eventually(all_are_sent)

    assert sink.deliveries() == Counter(expected)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(answer="451 4.7.1 later"),
        Fault(answer="550 5.7.1 no"),
        Fault(cut=True),
        Fault(seconds=TIMEOUT_SECONDS / 2),
        Fault(seconds=TIMEOUT_SECONDS * 1.2),
    ],
    ids=["4xx", "5xx", "cut", "slow", "silent"],
)
def test_whatever_goes_wrong_at_each_step_every_mail_arrives_once(
    sink: MailSink, senders: MailWorkers, fault: Fault
) -> None:
    """At the dot, silence is waited through: the mail may have been taken."""
    expected, left = queue(10), list(Step)

    def script(step: Step, _recipient: str) -> Fault | None:
        if step not in left:
            return None
        left.remove(step)
        return fault

    sink.script = script
    senders.start(2)
    eventually(all_are_sent)

    assert left == []
    assert sink.deliveries() == Counter(expected)


def test_a_link_cut_after_the_server_took_the_mail_repeats_it_under_the_same_message_id(
    sink: MailSink, senders: MailWorkers
) -> None:
    expected = queue(3)
    sink.script = once(Step.DOT, Fault(cut=True, accepted=True))

    senders.start()
    eventually(all_are_sent)

    cut = sink.accepted[0].message_id
    assert sink.deliveries() == Counter({one: 2 if one == cut else 1 for one in expected})


def test_a_server_that_is_down_is_tried_with_none_of_the_mails_and_gets_them_all_afterwards(
    sink: MailSink, senders: MailWorkers
) -> None:
    expected = queue(20)
    sink.go_down()
    senders.start(2)
    eventually(lambda: not OutgoingMail.objects.exclude(trouble="unreachable ConnectionRefusedError").exists())
    tries = sum(OutgoingMail.objects.values_list("attempts", flat=True))

    sink.come_back()
    eventually(all_are_sent)

    assert tries == 0
    assert sink.deliveries() == Counter(expected)


def test_a_recipient_who_is_refused_stops_nobody_elses_mail(sink: MailSink, senders: MailWorkers) -> None:
    expected = queue(10)
    refused = OutgoingMail.objects.order_by("due_at", "pk")[0]

    def script(step: Step, recipient: str) -> Fault | None:
        return Fault(answer="550 5.1.1 no such user") if (step, recipient) == (Step.RCPT, refused.recipient) else None

    sink.script = script
    senders.start()
    eventually(lambda: OutgoingMail.objects.filter(sent_at__isnull=True).count() == 1)

    assert sink.deliveries() == Counter(expected - {refused.message_id})
    refused.refresh_from_db()
    assert refused.sent_at is None


def test_many_mails_go_over_one_connection(sink: MailSink, senders: MailWorkers) -> None:
    queue(50)

    senders.start()
    eventually(all_are_sent)

    assert sink.connections == 1


def test_a_mail_server_that_does_not_answer_keeps_no_other_work_from_being_done(sink: MailSink, work: Workers) -> None:
    queue(3)
    gate = Event()
    sink.script = lambda step, _recipient: Fault(gate=gate, accepted=True) if step == Step.DOT else None
    work.start()
    eventually(lambda: sink.accepted)
    before = last_heard()[BEAT]

    async_task(BEAT, save=False)
    eventually(lambda: last_heard()[BEAT] != before)
    unsent = not all_are_sent()
    gate.set()

    assert unsent
    eventually(all_are_sent)


def test_killed_workers_and_their_supervisor_start_where_they_were(sink: MailSink, work: Workers) -> None:
    expected, gate = queue(10), Event()
    sink.script = once(Step.DOT, Fault(gate=gate, accepted=True))
    work.start()
    eventually(lambda: sink.accepted)
    work.kill()
    gate.set()
    work.start()
    eventually(all_are_sent)

    repeated = sink.accepted[0].message_id
    assert set(sink.deliveries()) == expected
    assert Counter(sink.deliveries()) - Counter(expected) <= Counter([repeated])


def chaos(chance: random.Random) -> Script:
    """A server with every fault but one: taking a mail and breaking the link makes repeats without any kill."""

    def script(step: Step, _recipient: str) -> Fault | None:
        draw = chance.random()
        if draw < 0.03:
            return Fault(answer=chance.choice(REFUSALS))
        if draw < 0.05:
            return Fault(cut=True)
        if draw < 0.055 and step != Step.DOT:
            return Fault(seconds=TIMEOUT_SECONDS * 1.2)
        if draw < 0.25:
            return Fault(seconds=chance.uniform(0.0, 0.05), accepted=step == Step.DOT)
        return None

    return script


def killing_at(acceptance: int, script: Script, sink: MailSink, senders: MailWorkers) -> Script:
    """The script, and all workers die as soon as so many more mails are taken, before they hear of the last."""
    until = len(sink.accepted) + acceptance

    def killing(step: Step, recipient: str) -> Fault | None:
        if step == Step.DOT and len(sink.accepted) + 1 == until:
            senders.strike()
            return Fault(accepted=True)
        return script(step, recipient)

    return killing


def test_each_mail_arrives_once_or_once_more_for_a_kill_in_the_window(sink: MailSink, senders: MailWorkers) -> None:
    seed = int(os.environ.get("HOLDFAST_SEED", secrets.randbits(32)))
    chance, told = random.Random(seed), f"HOLDFAST_SEED={seed}"
    expected, windows = queue(MAILS), Counter[str]()

    for _kill in range(KILLS):
        sink.script = chaos(chance)
        if chance.random() < 0.5:
            sink.script = killing_at(chance.randint(1, 5), sink.script, sink, senders)
        if chance.random() < 0.1:
            sink.go_down()
        enough = sink.steps + chance.randint(3, 60)
        senders.start(2)
        sink.come_back()
        eventually(lambda enough=enough: sink.steps > enough or all_are_sent() or not senders.live())
        senders.kill()
        windows.update(taken_but_not_written_down(sink))
        release_dead_mail_claims()
    sink.script = all_well
    senders.start(2)
    eventually(all_are_sent)

    delivered = sink.deliveries()
    assert set(delivered) == expected, told
    assert delivered - Counter(expected) <= windows, told
