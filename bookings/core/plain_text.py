"""Text from outside, made fit for a line of a mail or of a calendar."""

import re
import unicodedata

# marks that turn the direction of what follows them, up to the end of the line
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LONGEST_GREETED = 60
# what stands in names besides letters; the last two join letters in some scripts
_IN_NAMES = frozenset(" '’.,-‐‑·\u200c\u200d")
# what a mail program might make a link of
_DOMAIN = re.compile(r"\w\.\w{2,}|\bwww\b", re.IGNORECASE)
_NUMBER = re.compile(r"\+?[\d ()/.\-–]{3,40}")


def one_line(text: str) -> str:
    """Any white space is a single space; control characters and marks that turn the line are gone."""
    return "".join(char for char in " ".join(text.split()) if not _is_hidden(char))


def plain_lines(text: str) -> tuple[str, ...]:
    """The same line for line, without empty lines at the ends."""
    lines = [one_line(line) for line in text.splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    return tuple(lines)


def name_to_greet(name: str) -> str:
    """The name if it can be one; empty where it is rather a message or a link to somebody we do not know."""
    line = one_line(name)
    is_name = all(char in _IN_NAMES or unicodedata.category(char)[0] in "LM" for char in line)
    return line if is_name and len(line) <= _LONGEST_GREETED and not _DOMAIN.search(line) else ""


def is_number_to_call(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None


def _is_hidden(char: str) -> bool:
    return char in _TURNING or unicodedata.category(char) in {"Cc", "Cs"}
