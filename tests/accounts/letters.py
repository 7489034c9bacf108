"""A composer of the tests' own: mail about nothing, for whoever wants one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from accounts import ports
from accounts.ports import Letter, MailOrder, compose_with

KIND = "trial"
LETTER = Letter(
    subject="A trial",
    text="Grüße.\n",
    html="<p>Grüße.</p>",
    sender_name="Fährhaus Physio",
    recipient_name="Ada Lovelace",
)


def compose_trial(_order: MailOrder, _now: datetime) -> Letter | None:
    return LETTER


@contextmanager
def composing(composer: ports.Composer = compose_trial) -> Iterator[None]:
    """Mails of kind KIND are written by this composer for a while."""
    before = dict(ports._composers)
    compose_with(composer, [KIND])
    try:
        yield
    finally:
        ports._composers.clear()
        ports._composers.update(before)
