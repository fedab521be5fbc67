"""An address as a square that phones read. Pure."""

from __future__ import annotations

from io import BytesIO

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.svg import SvgPathFillImage


def qr_svg(address: str) -> bytes:
    """Return the code as a standing SVG, dark on white with its margin, so that it prints."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=4, image_factory=SvgPathFillImage)
    code.add_data(address)
    drawn = BytesIO()
    code.make_image().save(drawn)
    return drawn.getvalue()
