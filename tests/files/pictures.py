"""Pictures for tests: good ones, and ones that were made to harm."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'


def picture(form: str = "JPEG", size: tuple[int, int] = (800, 600), mode: str = "RGB", **options: Any) -> bytes:
    """Draw a picture whose left half is dark and whose right half is light."""
    drawn = Image.new(mode, size, (0, 0, 0, 255) if mode == "CMYK" else 0)
    if mode == "P":
        drawn.putpalette(b"\x00\x00\x00\xf0\xf0\xf0")
    bright: Any = {
        "RGB": (240, 240, 240),
        "RGBA": (240, 240, 240, 255),
        "P": 1,
        "L": 240,
        "1": 1,
        "CMYK": (0, 0, 0, 15),
    }
    drawn.paste(bright.get(mode, 0xF0F0), (size[0] // 2, 0, *size))
    file = BytesIO()
    drawn.save(file, form, **options)
    return file.getvalue()


def png_header(width: int, height: int, bits: int = 8) -> bytes:
    """Give a small file that declares a large picture."""
    head = struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(1_000_000))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
