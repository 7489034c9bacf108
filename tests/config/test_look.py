"""The house's templates and stylesheet hold together."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(path.relative_to(ROOT / "templates").as_posix() for path in (ROOT / "templates").rglob("*.html"))


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_compiles_and_carries_no_inline_script_or_style(name):
    source = (ROOT / "templates" / name).read_text()
    # programs that show mail know no stylesheet
    style = r"<style" if name.startswith("mail/") else r"<style|\sstyle="

    assert get_template(name)
    assert not re.search(style + r"|\son(?!ly=)\w+=|javascript:|<script(?![^>]*\bsrc=)", source)


def test_the_two_lists_of_dark_tokens_are_equal():
    source = (ROOT / "static/css/holdfast.css").read_text()
    lists = re.findall(r"color-scheme: dark;(.*?)}", source, re.DOTALL)

    assert len(lists) == 2
    assert lists[0].split() == lists[1].split()
