"""The colours of a page, light and dark, for pictures that are drawn where no stylesheet reaches."""

from dataclasses import dataclass

from accounts.core.colour import Pair, wash


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Each as "#rrggbb", named as in the stylesheet."""

    accent: str
    on_accent: str
    wash: str
    paper: str
    surface: str
    ink: str
    ink_soft: str
    line: str


def light(pair: Pair) -> Palette:
    return Palette(
        accent=pair.on_light,
        on_accent="#ffffff",
        wash=wash(pair.on_light),
        paper="#f6f5f1",
        surface="#ffffff",
        ink="#15201e",
        ink_soft="#45514f",
        line="#dcdad1",
    )


def dark(pair: Pair) -> Palette:
    return Palette(
        accent=pair.on_dark,
        on_accent="#07110f",
        wash=wash(pair.on_dark, dark=True),
        paper="#0f1413",
        surface="#161c1b",
        ink="#e8edeb",
        ink_soft="#b6c1be",
        line="#2c3533",
    )
