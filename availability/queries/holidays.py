"""Public holidays of a country or one of its parts, and which countries and parts there are (A2)."""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from django.utils.translation import get_language, to_locale

from availability.queries.country_names import COUNTRY_NAMES

if TYPE_CHECKING:
    from holidays import HolidayBase

# the library is imported where it is used: it takes a tenth of a second and 20 MB, and many sites never ask


def holidays_between(country: str, subdivision: str, first: date, last: date) -> dict[date, str]:
    """The public holidays from ``first`` to ``last``, both included, ascending, named in the current language.

    Names are in the country's own language where the library has no other. A country it does not know has none;
    a subdivision it does not know has those of the whole country.
    """
    language = get_language() or ""
    years = range(first.year, last.year + 1)
    found = (_of_year(country, subdivision, year, language) for year in years)
    return {day: name for days in found for day, name in days.items() if first <= day <= last}


def countries() -> list[tuple[str, str]]:
    """Code (ISO 3166) and name of every country whose holidays are known, by name."""
    return _by_name((code, str(name)) for code, name in COUNTRY_NAMES.items())


def subdivisions(country: str) -> list[tuple[str, str]]:
    """Code and name of the parts of a country that have holidays of their own, by name; often none."""
    entity = _entity(country)
    if entity is None:
        return []
    names: dict[str, str] = {}
    for name, code in entity.subdivisions_aliases.items():
        names.setdefault(code, name)
    return _by_name((code, names.get(code, code)) for code in entity.subdivisions)


@lru_cache(maxsize=1024)
def _of_year(country: str, subdivision: str, year: int, language: str) -> Mapping[date, str]:
    entity = _entity(country)
    if entity is None:
        return MappingProxyType({})
    found = entity(
        years=year,
        subdiv=subdivision if subdivision in entity.subdivisions else None,
        language=_language(entity, language),
    )
    return MappingProxyType(dict(sorted(found.items())))


def _entity(country: str) -> "type[HolidayBase] | None":
    import holidays

    name = _entities().get(country)
    return None if name is None else getattr(holidays, name).get_entity()


@lru_cache(maxsize=1)
def _entities() -> Mapping[str, str]:
    """The library's class of each country, by the country's code."""
    from holidays.registry import COUNTRIES

    return MappingProxyType({names[1]: names[0] for names in COUNTRIES.values()})


def _language(entity: "type[HolidayBase]", language: str) -> str | None:
    """The library's word for the reader's language: the same, or another country's; None for the country's own."""
    exact = to_locale(language)
    near = [one for one in entity.supported_languages if one.partition("_")[0] == exact.partition("_")[0]]
    if exact in near or not near:
        return exact if near else entity.default_language
    return near[0]


def _by_name(choices: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(choices, key=lambda choice: _without_accents(choice[1]))


def _without_accents(name: str) -> str:
    """So that Österreich stands among the O."""
    letters = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()
