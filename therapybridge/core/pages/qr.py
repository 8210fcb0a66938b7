"""QR codes for addresses that are opened on another device."""

import base64
from io import BytesIO


def qr_data_uri(text: str) -> str:
    """An SVG image of a QR code, as a data URI for an `img`."""
    # Imported here, since only this needs it and it brings what draws pictures into every process.
    import qrcode
    from qrcode.image.svg import SvgPathImage

    file = BytesIO()
    qrcode.make(text, image_factory=SvgPathImage).save(file)
    return f"data:image/svg+xml;base64,{base64.b64encode(file.getvalue()).decode()}"
