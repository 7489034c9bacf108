"""What the calendar editor calls its fields, and what it says when an answer will not do."""

from django.utils.translation import gettext_lazy as _

NO_LENGTH = _("Between one minute and one day.")
NO_BUFFER = _("A buffer lasts between nothing and seven days.")
NO_NOTICE = _("Between nothing and 730 days.")

LABELS = {
    "slug": _("Address of the page"),
    "hidden": _("Hidden"),
    "time_zone_locked": _("Always show the account’s time zone"),
    "customer_detail": _("What it tells of the customer"),
    "place": _("Address, number, link or text"),
    "shows_seats": _("Show the seats left"),
}
HELP_TEXTS = {
    "assignment_mode": _(
        "For availability, the highest priority goes first, then whoever was booked longest ago. Equally, whoever has "
        "the fewest bookings in that month."
    ),
    "hidden": _("Not on the group page; whoever has the link can book."),
    "place": _("Stands on the page and in the event. Not needed where we call or the customer is asked."),
    "range_first": _("For a fixed range."),
    "range_last": _("For a fixed range; it can still be booked."),
}


def _whole(said: object) -> dict[str, object]:
    return dict.fromkeys(("required", "invalid", "min_value", "max_value"), said)


_DATE = {"invalid": _("Please choose a date. Example: 2026-11-24")}
_PRICE = _("Please write an amount such as 68 or 68.50.")
_NO_LIMIT = _("A whole number from 1 to 32,767, or nothing for any number.")

ERROR_MESSAGES = {
    "name": {
        "required": _("The name is missing."),
        "max_length": _("A name has 120 letters at most."),
    },
    "slug": {
        "required": _("The address is missing."),
        "invalid": _("Letters a to z, digits, hyphens and underscores alone. Example: first-visit"),
        "max_length": _("An address has 60 letters at most."),
    },
    "type": {"invalid_choice": _("There is no such type of calendar."), "required": _("The type is missing.")},
    "price": {
        "invalid": _PRICE,
        "max_digits": _PRICE,
        "max_decimal_places": _PRICE,
        "max_whole_digits": _PRICE,
    },
    "currency": {
        "required": _("The currency is missing. Write its three letters, such as EUR."),
        "max_length": _("A currency has three letters, such as EUR."),
    },
    "lead_cap": _whole(_("A whole number from 1 to 100.")),
    "seats": _whole(_("A whole number from 1 to 9,999.")),
    "horizon_days": _whole(_("A whole number from 1 to 730.")),
    "look_busy": _whole(_("A whole number from 0 to 90.")),
    "day_limit": _whole(_NO_LIMIT),
    "week_limit": _whole(_NO_LIMIT),
    "range_first": _DATE,
    "range_last": _DATE,
    "place": {"max_length": _("At most 200 letters.")},
    "title_template": {"max_length": _("At most 200 letters.")},
    "category": {"max_length": _("At most 80 letters.")},
}
