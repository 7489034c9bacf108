"""One request and its answer, before any socket: what both fronts of the server hand in and get back."""

import base64
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import unquote, urlsplit


class Ending(Enum):
    """What becomes of an answer on its way."""

    WHOLE = "whole"
    GOODBYE = "whole, then the connection is closed without a word"
    LOST = "the connection is cut before the first byte"
    CUT_IN_HEAD = "the connection is cut within the headers"
    CUT_IN_BODY = "the connection is cut within the body"
    DRIP = "a byte now and then, without end"
    SILENCE = "no byte, and the connection stays open"


@dataclass(frozen=True, slots=True)
class Request:
    """``target`` as it stood in the request line; names of headers are lower-case."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def path(self) -> str:
        return path_of(self.target)

    @property
    def pair(self) -> tuple[str, str]:
        """User name and password; both empty when none were sent."""
        scheme, _, encoded = self.headers.get("authorization", "").partition(" ")
        if scheme.casefold() != "basic":
            return "", ""
        username, _, password = base64.b64decode(encoded).decode().partition(":")
        return username, password


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    ending: Ending = Ending.WHOLE


def path_of(target: str) -> str:
    """The decoded path without doubled slashes and dot segments; collections keep their closing slash."""
    path = unquote(urlsplit(target).path if "://" in target else target.partition("?")[0])
    normal = "/" + posixpath.normpath("/" + path.lstrip("/")).lstrip("/")
    return normal + "/" if path.endswith("/") and normal != "/" else normal


def xml_answer(body: str | bytes, *, status: int = 207) -> Answer:
    content = body.encode() if isinstance(body, str) else body
    return Answer(status, content, {"Content-Type": 'application/xml; charset="utf-8"'})
