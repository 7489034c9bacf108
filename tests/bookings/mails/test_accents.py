import re
from pathlib import Path

import pytest
from django.conf import settings

from accounts.models import Accent, Account
from bookings.mails.accents import colour_of


@pytest.mark.parametrize("accent", Accent)
def test_an_account_has_the_colour_of_its_pages(accent):
    stylesheet = Path(settings.BASE_DIR, "static/css/holdfast.css").read_text()
    # kelp is what stands in the tokens themselves
    chosen = r":root \{" if accent == Accent.KELP else rf'\[data-accent="{accent.value}"\]'

    colour = re.search(chosen + r".*?--accent-on-light: (#[0-9a-f]{6})", stylesheet, re.DOTALL)[1]

    assert colour_of(Account(accent=accent)) == colour
