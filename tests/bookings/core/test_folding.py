import pytest

from bookings.core.folding import digits, folded


@pytest.mark.parametrize(
    ("text", "plain"), [("Zoë", "zoe"), ("STRASSE", "strasse"), ("Straße", "strasse"), ("ﬁn", "fin")]
)
def test_letters_are_compared_without_case_and_accents(text, plain):
    assert folded(text) == plain


@pytest.mark.parametrize(("text", "plain"), [("+49 (170) 5", "491705"), ("0170/5", "1705"), ("00", ""), ("a", "")])
def test_of_a_number_the_digits_count(text, plain):
    assert digits(text) == plain
