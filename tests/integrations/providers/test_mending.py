"""What XML forbids is taken out of answers, and nothing else."""

import pytest

from integrations.providers.caldav.mending import without_control_characters


@pytest.mark.parametrize("forbidden", ["\x00", "\x0b", "\x1f", "&#0;", "&#11;", "&#x1F;", "&#0031;", "&#xb;"])
def test_what_xml_forbids_is_taken_out(forbidden):
    assert without_control_characters(f"<a>one{forbidden}two</a>".encode()) == b"<a>onetwo</a>"


@pytest.mark.parametrize("allowed", ["\t", "\r\n", "&#13;", "&#9;", "&#xA;", "&#32;", "&#x20;", "&amp;#0;", "ä"])
def test_all_else_is_left_as_it_is(allowed):
    body = f"<a>one{allowed}two</a>".encode()

    assert without_control_characters(body) == body


def test_an_answer_in_wide_characters_is_left_as_it_is():
    body = '<?xml version="1.0"?><a/>'.encode("utf-16-be")

    assert without_control_characters(body) == body
