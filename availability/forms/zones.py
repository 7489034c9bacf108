"""Every time zone of the IANA list, to be chosen by area and city."""

from collections.abc import Sequence
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.utils.translation import gettext, gettext_lazy


class ZoneField(forms.ChoiceField):
    """Gives a ``ZoneInfo``."""

    default_error_messages = {
        "invalid_choice": gettext_lazy(
            "There is no time zone “%(value)s”. Choose one from the list, by area and city."
        ),
    }

    def __init__(self, **kwargs: object) -> None:
        super().__init__(choices=_choices, **kwargs)  # type: ignore[arg-type]

    def clean(self, value: object) -> ZoneInfo:
        return ZoneInfo(super().clean(value))


@lru_cache(maxsize=1)
def zone_names() -> Sequence[str]:
    # "localtime" is whatever the server's clock shows, "Factory" stands for a clock nobody set
    return sorted(available_timezones() - {"localtime", "Factory"})


def _choices() -> list[tuple[str, list[tuple[str, str]]]]:
    areas: dict[str, list[tuple[str, str]]] = {}
    others = []
    for name in zone_names():
        area, _slash, place = name.partition("/")
        if place:
            areas.setdefault(area, []).append((name, place.replace("_", " ")))
        else:
            others.append((name, name))
    return [*areas.items(), (gettext("Others"), others)]
