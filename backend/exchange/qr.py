"""Draws an address as a QR code, for a phone's camera."""

import io

import segno


def drawn(text: str) -> bytes:
    """Draws a text as SVG, black on white in every theme: cameras want it so."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out,
        kind="svg",
        scale=4,
        border=4,
        dark="#000",
        light="#fff",
        xmldecl=False,
        omitsize=True,
        svgclass=None,
        lineclass=None,
    )
    return out.getvalue()
