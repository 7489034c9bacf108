"""Our lines and the host's in one description, and one title between the two."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.providers.caldav.merging import merge_notes, merge_text

OURS = "Phone: 030 1234\nBring: a towel"
CHANGED = "Phone: 040 999\nBring: a towel\n\nChange: /manage/"

our_lines = st.sampled_from(["Phone: 1", "Phone: 2", "E-mail: ada@example.com", "", "Grüße", "Change: /m/"])
our_texts = st.lists(our_lines, max_size=5).map(lambda lines: "\n".join(lines).strip())
notes = st.lists(st.text(alphabet="ab é\t", max_size=5).map(lambda text: f"note {text}"), max_size=4)


@given(there=our_texts, above=notes, below=notes, wanted=our_texts, written=st.none() | our_texts)
def test_merging_again_changes_nothing(
    there: str, above: list[str], below: list[str], wanted: str, written: str | None
) -> None:
    once = merge_notes("\n".join([*above, there, *below]), wanted=wanted, written=written)

    assert merge_notes(once, wanted=wanted, written=written) == once
    assert merge_notes(once, wanted=wanted, written=wanted) == once


@given(above=notes, below=notes, wanted=our_texts, written=our_texts.filter(bool))
def test_notes_stay_above_and_below_and_our_lines_stand_between_them_once(
    above: list[str], below: list[str], wanted: str, written: str
) -> None:
    there = "\n".join([*above, written, *below])

    merged = merge_notes(there, wanted=wanted, written=written)

    assert merged == "\n".join([*above, *([wanted] if wanted else []), *below])


@pytest.mark.parametrize(
    ("there", "written", "merged"),
    [
        (OURS, OURS, CHANGED),
        (f"My note\n\n{OURS}\n\nCall back", OURS, f"My note\n\n{CHANGED}\n\nCall back"),
        ("Phone: 030 1234\nhas a dog\nBring: a towel", OURS, f"{CHANGED}\nhas a dog"),
        ("Phone: 030 1234  \n Bring: a towel\t\nCall back", OURS, f"{CHANGED}\nCall back"),
        ("Call back", OURS, f"{CHANGED}\nCall back"),
        ("", OURS, CHANGED),
        (" \n", OURS, CHANGED),
        ("My note\nBring: a towel\nCall back", None, f"My note\n{CHANGED}\nCall back"),
        (f"My note\n{CHANGED}", OURS, f"My note\n{CHANGED}"),
    ],
)
def test_hosts_lines_are_kept_around_our_new_ones(there: str, written: str | None, merged: str) -> None:
    assert merge_notes(there, wanted=CHANGED, written=written) == merged


def test_letters_spelt_another_way_are_still_ours() -> None:
    decomposed = unicodedata.normalize("NFD", "Grüße aus Köln")

    assert merge_notes(decomposed, wanted="Neu", written="Grüße aus Köln") == "Neu"
    assert merge_text(decomposed, wanted="Grüße aus Köln", written="Grüße aus Köln") == "Grüße aus Köln"


@pytest.mark.parametrize(
    ("there", "wanted", "written", "merged"),
    [
        ("Ada", "Ada", "Ada", "Ada"),
        ("Ada (dog!)", "Ada", "Ada", "Ada (dog!)"),
        ("", "Ada", "Ada", ""),
        ("Ada (dog!)", "Grace", "Ada", "Grace"),
        ("Ada (dog!)", "Ada", None, "Ada"),
        ("Ada ", "Ada", "Ada", "Ada"),
    ],
)
def test_title_is_the_hosts_only_if_only_the_host_changed_it(
    there: str, wanted: str, written: str | None, merged: str
) -> None:
    assert merge_text(there, wanted=wanted, written=written) == merged
