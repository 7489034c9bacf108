"""An account's colour as the pair the stylesheet wants: one that reads on light, one that reads on dark.

Reckoned in OKLCH (CSS Color 4, section 9), where the same step of lightness looks the same in every hue; contrast as in
WCAG 2.2, 1.4.3.
"""

import math
from dataclasses import dataclass

READABLE = 4.5
MOST_CHROMA = 0.15
_STEP = 0.005
_LIGHT_SURFACES = ("#ffffff", "#f6f5f1", "#eceae3")
_DARK_SURFACES = ("#161c1b", "#0f1413", "#202826")
_ON_LIGHT_ACCENT, _ON_DARK_ACCENT = "#ffffff", "#07110f"
_LIGHT_WASH, _DARK_WASH = 0.09, 0.15

Lch = tuple[float, float, float]
Triple = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two colours as "#rrggbb": text and buttons on light pages, and on dark ones."""

    on_light: str
    on_dark: str


# the ready ones, as they stand in the stylesheet
READY = {
    "kelp": Pair("#0b6257", "#6fd0bd"),
    "tide": Pair("#1c569e", "#92bdf5"),
    "slate": Pair("#3c4d66", "#b3c3dc"),
    "plum": Pair("#75387f", "#dda6e6"),
    "rose": Pair("#9c2a55", "#f7a3bf"),
    "brick": Pair("#963a1d", "#f5aa8c"),
    "amber": Pair("#7a4e06", "#e6b96a"),
    "moss": Pair("#47600f", "#b4cf7d"),
}


def colours(accent: str, own: str) -> Pair:
    """The pair of an account with this ready colour, or with one of its own ("#rrggbb", empty for none)."""
    return readable_pair(own) if own else READY[accent]


def readable_pair(colour: str) -> Pair:
    """The hue stays; lightness goes down, or up on dark, until it reads wherever it stands, and text reads on it."""
    lightness, chroma, hue = _lch(colour)
    chroma = min(chroma, MOST_CHROMA)
    return Pair(_darker((lightness, chroma, hue)), _lighter((lightness, chroma, hue)))


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black and white)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def wash(colour: str, *, dark: bool = False) -> str:
    """The tint of the colour on a surface: ``--accent-wash``, mixed in OKLab as the stylesheet does."""
    surface, share = (_DARK_SURFACES[0], _DARK_WASH) if dark else (_LIGHT_SURFACES[0], _LIGHT_WASH)
    mixed = tuple(share * mine + (1 - share) * theirs for mine, theirs in zip(_lab(colour), _lab(surface), strict=True))
    return _hex(_linear(mixed))


def _darker(wanted: Lch) -> str:
    lightness, chroma, hue = wanted
    found = _in_gamut(lightness, chroma, hue)
    while not _reads_on_light(found) and lightness > 0:
        lightness -= _STEP
        found = _in_gamut(lightness, chroma, hue)
    return found


def _lighter(wanted: Lch) -> str:
    lightness, chroma, hue = wanted
    found = _in_gamut(lightness, chroma, hue)
    while not _reads_on_dark(found) and lightness < 1:
        lightness += _STEP
        found = _in_gamut(lightness, chroma, hue)
    return found


def _reads_on_light(colour: str) -> bool:
    return all(contrast(colour, other) >= READABLE for other in (*_LIGHT_SURFACES, _ON_LIGHT_ACCENT, wash(colour)))


def _reads_on_dark(colour: str) -> bool:
    others = (*_DARK_SURFACES, _ON_DARK_ACCENT, wash(colour, dark=True))
    return all(contrast(colour, other) >= READABLE for other in others)


def _in_gamut(lightness: float, chroma: float, hue: float) -> str:
    """With as much of the chroma as screens can show at this lightness."""
    lightness = min(max(lightness, 0.0), 1.0)
    shown, too_much = 0.0, chroma
    if _can_be_shown(_linear(_lab_of(lightness, chroma, hue))):
        return _hex(_linear(_lab_of(lightness, chroma, hue)))
    for _halving in range(16):
        middle = (shown + too_much) / 2
        if _can_be_shown(_linear(_lab_of(lightness, middle, hue))):
            shown = middle
        else:
            too_much = middle
    return _hex(_linear(_lab_of(lightness, shown, hue)))


def _can_be_shown(linear: Triple) -> bool:
    return all(-1e-4 <= part <= 1 + 1e-4 for part in linear)


def _lch(colour: str) -> Lch:
    lightness, a, b = _lab(colour)
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _lab_of(lightness: float, chroma: float, hue: float) -> Triple:
    return lightness, chroma * math.cos(hue), chroma * math.sin(hue)


def _lab(colour: str) -> Triple:
    red, green, blue = (_decoded(part) for part in _parts(colour))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def _linear(lab: tuple[float, ...]) -> Triple:
    lightness, a, b = lab
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _luminance(colour: str) -> float:
    red, green, blue = (_decoded(part) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(colour: str) -> Triple:
    return int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255


def _hex(linear: Triple) -> str:
    return "#" + "".join(f"{round(255 * _encoded(min(max(part, 0.0), 1.0))):02x}" for part in linear)


def _decoded(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _encoded(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055
