"""Work of the queue. A row is the work, a task a nudge: losing or doubling any changes nothing."""


def send_due() -> None:
    """Send the mails whose time has come."""
