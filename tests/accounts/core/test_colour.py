"""Own colours become readable and stay what they are; the ready ones are those of the stylesheet."""

import colorsys
import math
import re
from pathlib import Path

import pytest
from django.conf import settings

from accounts.core.colour import MOST_CHROMA, READABLE, READY, _lch, colours, contrast, readable_pair, wash
from accounts.models import Accent

HUES = range(360)
# strong and dark, strong and bright, pale
KINDS = ((0.2, 1.0), (0.5, 1.0), (0.9, 0.5))


def _colour(hue, lightness, saturation):
    parts = colorsys.hls_to_rgb(hue / 360, lightness, saturation)
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)


@pytest.mark.parametrize(("lightness", "saturation"), KINDS)
def test_every_hue_can_be_read_and_written_on_light_and_dark(lightness, saturation):
    unreadable = []
    for hue in HUES:
        pair = readable_pair(_colour(hue, lightness, saturation))
        light = ("#ffffff", "#f6f5f1", "#eceae3", wash(pair.on_light))
        dark = ("#07110f", "#161c1b", "#0f1413", "#202826", wash(pair.on_dark, dark=True))
        worst = min(
            *(contrast(pair.on_light, other) for other in light), *(contrast(pair.on_dark, other) for other in dark)
        )
        unreadable += [(hue, pair)] if worst < READABLE else []

    assert unreadable == []


@pytest.mark.parametrize(("lightness", "saturation"), KINDS)
def test_the_hue_stays_and_the_chroma_has_an_end(lightness, saturation):
    for hue in HUES:
        own = _colour(hue, lightness, saturation)
        for made in (readable_pair(own).on_light, readable_pair(own).on_dark):
            _, chroma, angle = _lch(made)
            turned = math.remainder(angle - _lch(own)[2], math.tau)
            assert chroma <= MOST_CHROMA + 0.002
            # of eight bits a part, pale colours keep their hue less exactly
            assert abs(turned) * chroma < 0.006


def test_a_colour_that_can_be_read_already_stays_as_it_is():
    assert readable_pair("#1c569e").on_light == "#1c569e"


@pytest.mark.parametrize(
    ("own", "on_light", "on_dark"), [("#000000", "#000000", "#909090"), ("#ffffff", "#696969", "#ffffff")]
)
def test_black_and_white_become_greys(own, on_light, on_dark):
    pair = readable_pair(own)

    assert (pair.on_light, pair.on_dark) == (on_light, on_dark)


@pytest.mark.parametrize("accent", Accent)
def test_the_ready_colours_are_those_of_the_stylesheet(accent):
    stylesheet = Path(settings.BASE_DIR, "static/css/holdfast.css").read_text()
    # kelp is what stands in the tokens themselves
    chosen = r":root \{" if accent == Accent.KELP else rf'\[data-accent="{accent.value}"\]'

    pair = re.search(
        chosen + r".*?--accent-on-light: (#[0-9a-f]{6});\s*--accent-on-dark: (#[0-9a-f]{6})", stylesheet, re.DOTALL
    )

    assert (READY[accent].on_light, READY[accent].on_dark) == pair.groups()


def test_an_own_colour_goes_before_the_ready_one():
    assert colours("plum", "#1c569e").on_light == "#1c569e"
    assert colours("plum", "") == READY["plum"]


@pytest.mark.parametrize(("one", "other", "ratio"), [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.478)])
def test_contrast_is_reckoned_as_everywhere(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.001)
    assert contrast(other, one) == contrast(one, other)
