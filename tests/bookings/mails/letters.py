"""Letters about appointments, as whoever gets them reads them."""

from accounts.models import OutgoingMail
from accounts.ports import Letter, MailOrder, compose
from bookings.models import Appointment
from tests.factories import NOW


def letter_about(appointment: Appointment, kind: str, *, now=NOW, sequence=None, recipient="") -> Letter | None:
    """The one mail of this kind that waits, composed; ``sequence`` where there are several."""
    mails = OutgoingMail.objects.filter(subject_uid=appointment.uid, kind=kind)
    if sequence is not None:
        mails = mails.filter(sequence=sequence)
    if recipient:
        mails = mails.filter(recipient=recipient)
    return composed(mails.get(), now=now)


def composed(mail: OutgoingMail, *, now=NOW) -> Letter | None:
    order = MailOrder(subject_uid=mail.subject_uid, kind=mail.kind, recipient=mail.recipient, sequence=mail.sequence)
    return compose(order, now)
