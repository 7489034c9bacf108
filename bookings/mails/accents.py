"""An account's colour in mails, where no stylesheet reaches: the light half of each pair in the stylesheet."""

from accounts.models import Accent, Account

_COLOURS = {
    Accent.KELP: "#0b6257",
    Accent.TIDE: "#1c569e",
    Accent.SLATE: "#3c4d66",
    Accent.PLUM: "#75387f",
    Accent.ROSE: "#9c2a55",
    Accent.BRICK: "#963a1d",
    Accent.AMBER: "#7a4e06",
    Accent.MOSS: "#47600f",
}


def colour_of(account: Account) -> str:
    return _COLOURS[Accent(account.accent)]
