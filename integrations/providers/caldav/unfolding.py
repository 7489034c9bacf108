"""From what a server sent to plain text: one property a line (RFC 5545 3.1), whatever its line ends and encoding."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE


def unfolded(content: str | bytes) -> str:
    """Lines end with a line feed. What no database can hold, NULs and halves of characters, is gone."""
    text = _unfolded_text(content) if isinstance(content, str) else _decoded(content)
    if "\x00" in text:
        text = text.replace("\x00", "")
    return text.removeprefix("\ufeff")


def without_surrogates(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _decoded(raw: bytes) -> str:
    if raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return _unfolded_text(raw.decode("utf-16", "replace"))
    # Unfold before decoding: a fold may stand in the middle of a character.
    raw = raw.replace(b"\r\n", b"\n")
    if b"\r" in raw:
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    raw = raw.replace(b"\n ", b"").replace(b"\n\t", b"")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1").removeprefix("\xef\xbb\xbf")


def _unfolded_text(text: str) -> str:
    text = text.replace("\r\n", "\n")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\n ", "").replace("\n\t", "")
