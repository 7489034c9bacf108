"""Whose public holidays an account keeps."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from availability.queries.holidays import countries, subdivisions


class HolidaysForm(forms.Form):
    """The regions on offer are those of the country chosen, each named with it ("DE-BY"): others have a BY too.

    ``chosen_country`` and ``chosen_subdivision`` are there before the form is valid too; empty is no choice yet.
    """

    country = forms.ChoiceField(
        label=gettext_lazy("Country"),
        error_messages={
            "required": gettext_lazy("Please choose a country."),
            "invalid_choice": gettext_lazy("We do not know the holidays of this country. Please choose another."),
        },
    )
    region = forms.CharField(label=gettext_lazy("State or region"), required=False, widget=forms.Select)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("No country")), *countries()]  # type: ignore[attr-defined]
        named = [(f"{self.chosen_country}-{code}", name) for code, name in subdivisions(self.chosen_country)]
        self._regions = dict(named)
        self.fields["region"].widget.choices = [("", _("The whole country")), *named]

    @property
    def chosen_country(self) -> str:
        return str(self["country"].value() or "")

    @property
    def chosen_subdivision(self) -> str:
        """Of the country chosen; a region left over from another one is none."""
        region = str(self["region"].value() or "")
        return region.partition("-")[2] if region in self._regions else ""

    @property
    def has_regions(self) -> bool:
        return bool(self._regions)

    def clean_region(self) -> str:
        region: str = self.cleaned_data["region"]
        if region and self._regions and region not in self._regions:
            raise forms.ValidationError(_("This region lies in another country. Please choose again."))
        return region


def as_initial(country: str, subdivision: str) -> dict[str, object]:
    """What the form of an account that keeps holidays begins with."""
    return {"country": country, "region": f"{country}-{subdivision}" if subdivision else ""}
