"""Text as it is searched: Ä like a, ß like ss, capital letters like small ones."""

import re
from unicodedata import normalize

# the accents that stand alone once a letter is taken apart
ACCENTS = "[\u0300-\u036f]"


def folded(text: str) -> str:
    apart = re.sub(ACCENTS, "", normalize("NFKD", text))
    return apart.replace("ß", "ss").replace("ẞ", "ss").lower()


def digits(text: str) -> str:
    """A telephone number without what people put between its digits, and without the zeros in front."""
    return re.sub(r"[^0-9]", "", text).lstrip("0")
