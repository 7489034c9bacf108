"""When whole accounts are closed."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from availability.admin.rows import ChangesSlots
from availability.models import Closure, PublicHolidays
from availability.queries.holidays import countries, subdivisions


@admin.register(Closure)
class ClosureAdmin(ChangesSlots):
    calendars_by = "account__closures"
    list_display = ("account", "name", "starts_at", "ends_at")
    list_filter = ("account",)
    search_fields = ("name", "account__name")
    list_select_related = ("account",)
    autocomplete_fields = ("account",)
    date_hierarchy = "starts_at"


class PublicHolidaysForm(forms.ModelForm[PublicHolidays]):
    country = forms.ChoiceField(label=gettext_lazy("country"), choices=countries)

    class Meta:
        model = PublicHolidays
        fields = ("account", "country", "subdivision")
        help_texts = {"subdivision": gettext_lazy("Its short code, such as BY for Bayern. Empty: the whole country.")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        known = dict(subdivisions(cleaned.get("country", "")))
        if cleaned.get("subdivision") and cleaned["subdivision"] not in known:
            names = ", ".join(known) or _("none")
            self.add_error("subdivision", _("This country has no such region. There are: %(names)s") % {"names": names})
        return cleaned


@admin.register(PublicHolidays)
class PublicHolidaysAdmin(ChangesSlots):
    calendars_by = "account__public_holidays"
    form = PublicHolidaysForm
    list_display = ("account", "country", "subdivision")
    list_filter = ("country",)
    search_fields = ("account__name", "country", "subdivision")
    list_select_related = ("account",)
    autocomplete_fields = ("account",)
