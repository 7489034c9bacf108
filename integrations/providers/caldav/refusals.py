"""What a server means when it does not take, or not give up, an object (RFC 4918 16, RFC 4791 5.3.2.1)."""

from caldav.lib.error import parse_preconditions
from lxml import etree

from integrations.ports import AccessLost, AlreadyExists, Gone, NotACalendarServer, Refused
from integrations.providers.caldav.hrefs import url_on
from integrations.providers.caldav.multistatus import CALDAV, DAV, preconditions_among
from integrations.providers.caldav.wire import Wire
from integrations.providers.transport.session import Reply

_NEEDS_PRIVILEGES = f"{DAV}need-privileges"
_TAKEN = f"{CALDAV}no-uid-conflict"


def demand_success(wire: Wire, reply: Reply) -> None:
    """Raises what the refusal means; what only one method's 412 can say is for its caller."""
    status = reply.status_code
    if status in {200, 201, 202, 204}:
        return
    reasons = reasons_in(reply) if status in {403, 409, 412} else ()
    if _TAKEN in reasons:
        raise AlreadyExists("The server has an event with this identity elsewhere.", url=place_named_in(wire, reply))
    if status == 403 and (not reasons or _NEEDS_PRIVILEGES in reasons):
        raise AccessLost("The server does not let this login write here.")
    if status in {404, 410}:
        raise Gone("The server has nothing at this place.")
    if 300 <= status < 400:
        raise NotACalendarServer("The server sends us elsewhere.")
    raise Refused("The server does not take this event.")


def reasons_in(reply: Reply) -> tuple[str, ...]:
    """The preconditions an answer names."""
    return preconditions_among(parse_preconditions(reply.content))


def place_named_in(wire: Wire, reply: Reply) -> str:
    """Where the object lies that has the UID already; empty unless the answer names a place that may be asked."""
    if _TAKEN not in reasons_in(reply):
        return ""
    tree = etree.fromstring(reply.content, parser=etree.XMLParser(resolve_entities=False, no_network=True))
    href = (tree.findtext(f"{_TAKEN}/{DAV}href") or "").strip()
    if not href or not wire.serves(href):
        return ""
    return url_on(reply.url, href)
