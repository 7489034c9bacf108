"""The XML of questions and answers."""

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape

from tests.servers.fault_caldav.exchange import Answer, xml_answer

DAV = "{DAV:}"
CALDAV = "{urn:ietf:params:xml:ns:caldav}"
CALENDAR_SERVER = "{http://calendarserver.org/ns/}"
APPLE = "{http://apple.com/ns/ical/}"

_PREFIXES = {DAV: "d", CALDAV: "c", CALENDAR_SERVER: "s", APPLE: "a"}
_HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n<d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"'
    ' xmlns:s="http://calendarserver.org/ns/" xmlns:a="http://apple.com/ns/ical/">'
)
_REASONS = {200: "OK", 403: "Forbidden", 404: "Not Found", 410: "Gone", 507: "Insufficient Storage"}


def parsed(body: bytes) -> ET.Element | None:
    """None for what is no XML."""
    try:
        return ET.fromstring(body)
    except ET.ParseError:
        return None


def wanted_props(question: ET.Element | None) -> tuple[str, ...]:
    """Names of the properties a PROPFIND or REPORT asks for."""
    prop = None if question is None else question.find(f"{DAV}prop")
    return () if prop is None else tuple(child.tag for child in prop)


def element(name: str, inner: str = "") -> str:
    """A property by its full name, with inner XML; of a foreign namespace too."""
    for namespace, prefix in _PREFIXES.items():
        if name.startswith(namespace):
            local = f"{prefix}:{name[len(namespace) :]}"
            return f"<{local}>{inner}</{local}>" if inner else f"<{local}/>"
    namespace, _, local = name[1:].partition("}")
    return f'<x:{local} xmlns:x="{escape(namespace)}"/>'


def row(href: str, found: Mapping[str, str], wanted: Iterable[str]) -> str:
    """One response: what is known of the wanted properties, and a 404 for the others."""
    said, unknown = [], []
    for name in wanted:
        if name in found:
            said.append(element(name, found[name]))
        else:
            unknown.append(element(name))
    parts = [_propstat(said, 200)] if said or not unknown else []
    if unknown:
        parts.append(_propstat(unknown, 404))
    return f"<d:response><d:href>{escape(href)}</d:href>{''.join(parts)}</d:response>"


def status_row(href: str, status: int) -> str:
    return f"<d:response><d:href>{escape(href)}</d:href>{_status(status)}</d:response>"


def multistatus(rows: Iterable[str | bytes], *, token: str = "") -> Answer:
    end = f"<d:sync-token>{escape(token)}</d:sync-token></d:multistatus>" if token else "</d:multistatus>"
    pieces = (one.encode() if isinstance(one, str) else one for one in rows)
    return xml_answer(b"".join([_HEAD.encode(), *pieces, end.encode()]))


def refusal(status: int, precondition: str = "", inner: str = "") -> Answer:
    """An error that names the precondition that failed, by its full name."""
    said = element(precondition, inner) if precondition else ""
    return xml_answer(
        f'<?xml version="1.0" encoding="utf-8"?>\n<d:error xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">'
        f"{said}</d:error>",
        status=status,
    )


def href(path: str) -> str:
    return f"<d:href>{escape(path)}</d:href>"


def _propstat(props: Iterable[str], status: int) -> str:
    return f"<d:propstat><d:prop>{''.join(props)}</d:prop>{_status(status)}</d:propstat>"


def _status(status: int) -> str:
    return f"<d:status>HTTP/1.1 {status} {_REASONS.get(status, 'Unknown')}</d:status>"
