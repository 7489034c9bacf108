from datetime import date

import pytest
from django.utils import translation

from availability.queries.country_names import COUNTRY_NAMES
from availability.queries.holidays import countries, holidays_between, subdivisions

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def test_the_holidays_of_a_country_come_in_order_with_both_ends_included():
    assert list(holidays_between("DE", "", date(2026, 12, 25), date(2027, 1, 1))) == [
        date(2026, 12, 25),
        date(2026, 12, 26),
        date(2027, 1, 1),
    ]


def test_a_region_adds_holidays_of_its_own():
    corpus_christi = date(2026, 6, 4)

    assert corpus_christi in holidays_between("DE", "NW", *YEAR)
    assert corpus_christi not in holidays_between("DE", "BE", *YEAR)
    assert corpus_christi not in holidays_between("DE", "", *YEAR)


@pytest.mark.parametrize(
    ("language", "name"), [("de", "Neujahr"), ("en-gb", "New Year's Day"), ("fr", "Neujahr"), (None, "Neujahr")]
)
def test_names_are_in_the_readers_language_or_else_in_the_countrys_own(language, name):
    with translation.override(language):
        assert holidays_between("DE", "", date(2026, 1, 1), date(2026, 1, 1)) == {date(2026, 1, 1): name}


def test_a_british_reader_gets_british_names_where_there_are_any():
    with translation.override("en-gb"):
        names = holidays_between("GB", "ENG", *YEAR).values()

    assert "Spring Bank Holiday" in names


def test_names_follow_the_language_of_each_request():
    day = date(2026, 12, 25)
    with translation.override("de"):
        german = holidays_between("DE", "", day, day)
    with translation.override("en-gb"):
        english = holidays_between("DE", "", day, day)

    assert (german, english) == ({day: "Erster Weihnachtstag"}, {day: "Christmas Day"})


@pytest.mark.parametrize("country", ["", "ZZ", "XX", "holidays", "../DE"])
def test_a_country_nobody_knows_has_no_holidays_and_no_regions(country):
    assert holidays_between(country, "", *YEAR) == {}
    assert subdivisions(country) == []


def test_a_region_nobody_knows_has_the_holidays_of_its_country():
    assert holidays_between("DE", "XX", *YEAR) == holidays_between("DE", "", *YEAR)


def test_what_is_handed_out_may_be_changed_without_harm():
    holidays_between("DE", "", *YEAR).clear()

    assert holidays_between("DE", "", *YEAR)


def test_countries_are_named_in_the_readers_language_and_sorted_without_regard_to_accents():
    with translation.override("en-gb"):
        names = [name for _code, name in countries()]

    assert names[:3] == ["Afghanistan", "Åland Islands", "Albania"]
    assert ("CH", "Switzerland") in countries()


def test_regions_carry_their_names():
    assert ("BY", "Bayern") in subdivisions("DE")
    assert ("SCT", "Scotland") in subdivisions("GB")


def test_every_country_on_offer_can_be_asked_with_all_its_regions():
    places = [(country, region) for country in COUNTRY_NAMES for region, _name in [("", ""), *subdivisions(country)]]

    nameless = [place for place in places if not all(holidays_between(*place, *YEAR).values())]

    assert len(places) > 800
    assert nameless == []
