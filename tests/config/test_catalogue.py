"""The catalogues in `locale/` are complete, compiled, up to date, and speak as the house does."""

import ast
import gettext
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import django
import pytest
from django import forms
from django.core.management import call_command
from django.utils import translation

from config import words

ROOT = Path(__file__).resolve().parents[2]
GERMAN = ROOT / "locale/de/LC_MESSAGES/django.po"
BRITISH = ROOT / "locale/en_GB/LC_MESSAGES/django.po"
TEXT = r'"(?:[^"\\]|\\.)*"'
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]|\{\w*\}|</?\w+>")
# words of the machine room, which nobody but an operator should meet
INNER_WORDS = re.compile(
    r"\b(hrefs?|etags?|ctags?|uids?|tokens?|null|exceptions?|traceback|payload|boolean|timeout|outbox|enum|regex)\b",
    re.IGNORECASE,
)
FOR_OPERATORS = re.compile(r"(^|/)(admin(\.py|/)|apps\.py|models(\.py|/)|management/|settings\.py)")
UNLIKE_THE_HOUSE = re.compile(r'!|"|\b(events?|slots?|du|dich|dir|dein\w*|oops|ups|leider)\b', re.IGNORECASE)


@dataclass(frozen=True)
class Message:
    """``key`` is the English, after its context if it has one; ``strings`` one text, or one for each plural form."""

    key: str
    plural: str
    strings: tuple[str, ...]
    places: tuple[str, ...]
    is_fuzzy: bool

    def texts(self) -> list[str]:
        return [self.key, *([self.plural] if self.plural else []), *self.strings]

    def is_for_operators(self) -> bool:
        return bool(self.places) and all(FOR_OPERATORS.search(place) for place in self.places)


def messages_in(catalogue: Path) -> list[Message]:
    blocks = catalogue.read_text(encoding="utf-8").split("\n\n")
    return [found for block in blocks if (found := _message(block)) and found.key]


def _message(block: str) -> Message | None:
    comments = [line for line in block.splitlines() if line.startswith("#")]
    parts: dict[str, str] = {}
    for keyword, texts in re.findall(rf"^(msg\w+(?:\[\d\])?) ((?:{TEXT}\s*)+)", block, re.MULTILINE):
        parts[keyword] = "".join(ast.literal_eval(text) for text in re.findall(TEXT, texts))
    if "msgid" not in parts:
        return None
    context = f"{parts['msgctxt']}\x04" if "msgctxt" in parts else ""
    return Message(
        key=context + parts["msgid"],
        plural=parts.get("msgid_plural", ""),
        strings=tuple(text for keyword, text in parts.items() if keyword.startswith("msgstr")),
        places=tuple(place for line in comments if line.startswith("#: ") for place in line[3:].split()),
        is_fuzzy=any(line.startswith("#,") and "fuzzy" in line for line in comments),
    )


def _id(message: Message) -> tuple[str, str]:
    return message.key, message.plural


@pytest.mark.parametrize("catalogue", [GERMAN, BRITISH], ids=["German", "British"])
def test_no_message_is_untranslated_or_only_guessed_or_left_over(catalogue):
    messages = messages_in(catalogue)

    assert messages
    assert [message.key for message in messages if message.is_fuzzy or not all(message.strings)] == []
    assert [message.key for message in messages if len(message.strings) != (2 if message.plural else 1)] == []
    assert "#~" not in catalogue.read_text(encoding="utf-8")


@pytest.mark.parametrize("catalogue", [GERMAN, BRITISH], ids=["German", "British"])
def test_the_compiled_catalogue_says_what_the_written_one_says(catalogue):
    written: dict[str | tuple[str, int], str] = {}
    for message in messages_in(catalogue):
        forms_of_it = enumerate(message.strings) if message.plural else ()
        written |= {(message.key, form): text for form, text in forms_of_it} or {message.key: message.strings[0]}

    assert _compiled(catalogue.with_suffix(".mo")) == written


def _compiled(path: Path) -> dict[str | tuple[str, int], str]:
    with path.open("rb") as file:
        texts = vars(gettext.GNUTranslations(file))["_catalog"]
    return {key: text for key, text in texts.items() if key}


@pytest.mark.skipif(not (shutil.which("xgettext") and shutil.which("msgmerge")), reason="gettext is not installed")
def test_every_text_marked_in_the_sources_is_in_the_german_catalogue_and_no_other(tmp_path, monkeypatch, settings):
    copy = tmp_path / "copy"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "__pycache__", "tests", "docs", "static"))
    settings.LOCALE_PATHS = [copy / "locale"]
    monkeypatch.chdir(copy)

    call_command("makemessages", locale=["de"], keep_pot=True, no_wrap=True, add_location="file", verbosity=0)

    marked = {_id(message) for message in messages_in(copy / "locale/django.pot")}
    assert {_id(message) for message in messages_in(GERMAN)} == marked


@pytest.mark.parametrize("catalogue", [GERMAN, BRITISH], ids=["German", "British"])
def test_a_translation_has_the_placeholders_and_tags_of_the_original(catalogue):
    different = [
        (message.key, text)
        for message in messages_in(catalogue)
        for text in message.strings
        if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(message.key + message.plural))
    ]

    assert different == []


def test_nobody_but_operators_meets_words_of_the_machine_room():
    of_django = {message.key for message in messages_in(BRITISH)}
    met = [text for message in messages_in(BRITISH) for text in message.strings]
    for message in messages_in(GERMAN):
        if not message.is_for_operators():
            met += message.strings if message.key in of_django else message.texts()

    assert [text for text in met if INNER_WORDS.search(re.sub(r"<[^>]*>", "", text))] == []


def test_german_is_polite_and_calm_and_calls_a_termin_a_termin():
    spoken = [text for message in messages_in(GERMAN) for text in message.strings]

    assert [text for text in spoken if UNLIKE_THE_HOUSE.search(text)] == []


@pytest.mark.parametrize(
    ("language", "said"),
    [("en-gb", "Please fill this in."), ("de", "Bitte füllen Sie das aus.")],
)
def test_our_words_go_before_those_of_django(language, said):
    class Question(forms.Form):
        answer = forms.CharField()

    with translation.override(language):
        assert Question({}).errors == {"answer": [said]}


def test_every_sentence_said_anew_is_one_django_still_says():
    folder = Path(django.__file__).parent
    of_django = {
        key if isinstance(key, str) else key[0]
        for part in ("conf", "contrib/auth")
        for key in _compiled(folder / part / "locale/de/LC_MESSAGES/django.mo")
    }
    said_anew = {message.key for message in messages_in(BRITISH)}

    assert said_anew - of_django == set()
    assert set(words.OF_DJANGO) <= said_anew
    assert len(said_anew) == len(words.OF_DJANGO) + len(words.COUNTED_BY_DJANGO)


def test_what_is_stored_about_a_login_is_marked_for_translation():
    said = {
        text
        for folder in ("providers", "sync")
        for path in (ROOT / "integrations" / folder).rglob("*.py")
        for text in _sentences(ast.parse(path.read_text(encoding="utf-8")))
    }

    assert said == set(words.OF_THE_OUTSIDE)


def _sentences(module: ast.Module) -> Iterator[str]:
    """Those a module keeps or raises without a mark of its own. What is wrong with a single event is not shown."""
    spoken = [node.value for node in module.body if isinstance(node, ast.Assign)]
    for node in ast.walk(module):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and not _is_unreadable(node.exc):
            spoken += node.exc.args[:1]
    for node in spoken:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"[A-Z].* .*\.", node.value):
            yield node.value


def _is_unreadable(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == "Unreadable"
