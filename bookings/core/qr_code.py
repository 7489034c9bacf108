"""A QR code as a picture that scales."""

from io import BytesIO

import segno


def qr_svg(text: str) -> bytes:
    """SVG without styles or scripts: dark on white whatever the page, as cameras want it, with its quiet zone."""
    picture = BytesIO()
    segno.make(text, micro=False, error="m", boost_error=False).save(
        picture, kind="svg", border=4, xmldecl=True, svgclass=None, lineclass=None, omitsize=True, light="#fff"
    )
    return picture.getvalue()
