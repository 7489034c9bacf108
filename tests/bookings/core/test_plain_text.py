import pytest

from bookings.core.plain_text import is_number_to_call, name_to_greet, one_line, plain_lines


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Ada  Lovelace ", "Ada Lovelace"),
        ("Ada\r\nBcc: eve@example.org", "Ada Bcc: eve@example.org"),
        ("a\u2028b\u0085c\x0bd\te", "a b c d e"),
        ("a\x00b\x07c\x1b[31m", "abc[31m"),
        ("\u202eadA\u202c \u2066x\u2069", "adA x"),
        ("\u200fעדה", "\u200fעדה"),
        ("half \ud800", "half "),
        ("\n", ""),
    ],
)
def test_a_line_is_one_line_of_visible_text(text, line):
    assert one_line(text) == line


def test_lines_stay_lines_without_empty_ones_at_the_ends():
    assert plain_lines("\n one\r\n\r\n\x00two\u202e\n\n") == ("one", "", "two")


@pytest.mark.parametrize("name", ["Ada Lovelace", "J.R.R. Tolkien", "Dr. Eva O’Neil-Šarić", "李 小龙"])
def test_who_has_a_name_is_greeted_by_it(name):
    assert name_to_greet(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "Win at evil.example",
        "https://evil",
        "mail eve@evil",
        "www evil",
        "a/b",
        "x" * 61,
        "Call 0190",
        "<b>Ada</b>",
        "=cmd",
    ],
)
def test_what_is_rather_a_message_greets_nobody(name):
    assert name_to_greet(name) == ""


@pytest.mark.parametrize(
    ("text", "is_number"),
    [("0451 1234-5", True), ("+49 (451) 12345", True), ("call evil.example", False), ("", False), ("1" * 41, False)],
)
def test_a_number_to_call_is_figures_and_what_stands_between_them(text, is_number):
    assert is_number_to_call(text) == is_number
