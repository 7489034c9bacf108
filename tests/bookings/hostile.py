"""What people might type to get out of a field, and how to see whether any of it got out."""

import re
from collections import Counter
from html.parser import HTMLParser

from hypothesis import strategies as st

# harmless in itself: whatever is run or loaded of it can be found by its name
SPELLS = (
    "Ada Lovelace",
    "\r\nBcc: eve@evil.example",
    "\nBcc: eve@evil.example\n\nHello",
    "\r\nSubject: You have won",
    "\r\nATTENDEE:mailto:eve@evil.example",
    "\nORGANIZER:mailto:eve@evil.example\nMETHOD:CANCEL",
    "\r\nEND:VEVENT\r\nBEGIN:VALARM\r\nACTION:EMAIL\r\nEND:VALARM",
    "\\nRRULE:FREQ=SECONDLY",
    "\r\n RRULE:FREQ=SECONDLY",
    "\u2028ATTACH:https://evil.example/\u2029",
    "\x85URL:https://evil.example/",
    "\x0bX-EVIL:1\x0c\x1c\x1d\x1e",
    "\x00",
    "\x1b[31m\x7f\x07",
    "\u202egnp.exe\u202c",
    "\u2066\u2069\u200f\u061c",
    "<script>evil()</script>",
    '"><img src=x onerror=evil()>',
    "' onmouseover='evil()",
    "</dd></textarea></title><svg/onload=evil()>",
    "javascript:evil()",
    "{{ settings.SECRET_KEY }}{% load i18n %}",
    "%(name)s %s {customer} {0}",
    "=cmd|' /C calc'!A0",
    "@SUM(1)",
    '";CN=Eve:mailto:eve@evil.example',
    "^n^'^^",
    "=?utf-8?q?=0D=0ABcc:_eve=40evil.example?=",
    "https://evil.example/?a=b&c=d",
    "\ud800",
    "😀 \u0301\u0301 日本 ß",
    "x" * 10_240,
)

texts = st.lists(st.sampled_from(SPELLS) | st.text(max_size=20), min_size=1, max_size=5).map("".join)


def storable(text: str, longest: int) -> str:
    """What a program might hand to the service past the form: all that PostgreSQL can keep."""
    return re.sub("[\x00\ud800-\udfff]", "", text)[:longest]


def lines_of(content: bytes) -> list[str]:
    """The unfolded lines of an iCalendar object, broken also where only careless readers break them."""
    return content.decode().replace("\r\n ", "").splitlines()


def names_in(content: bytes) -> Counter[str]:
    """How often each property stands in an iCalendar object; BEGIN and END with what begins and ends."""
    lines = content.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")
    return Counter(line if line.startswith(("BEGIN", "END")) else re.split("[;:]", line)[0] for line in lines)


class Elements(HTMLParser):
    """A page as a browser takes it: what would run, where it leads, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.dangers: list[str] = []
        self.counts: Counter[str] = Counter()
        self.words: list[str] = []
        self._in_script = False
        self.feed(page)
        self.close()

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    def handle_starttag(self, tag, attrs):
        self.counts[tag] += 1
        self._in_script = tag == "script"
        for name, value in attrs:
            address = (value or "").strip().lower()
            if name.startswith("on") or (name in {"href", "src", "action"} and address.startswith("javascript")):
                self.dangers.append(f"{tag} {name}={value}")

    def handle_endtag(self, tag):
        self._in_script = False

    def handle_data(self, data):
        if self._in_script and "evil" in data:
            self.dangers.append(data)
        self.words.append(data)
