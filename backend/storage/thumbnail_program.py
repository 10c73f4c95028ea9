"""Draws one thumbnail: a program of its own, since what it reads may have been made to harm whoever reads it.

Started by `thumbnails` with an empty environment as `thumbnail_program.py FILE PIXELS BYTES SECONDS`. It limits itself
before it looks at the file, and answers on stdout: a line of JSON with `width` and `height`, then the WebP. Whatever
goes wrong is an exit status. It imports nothing of Dayroom's.
"""

import json
import os
import sys
from contextlib import suppress
from io import BytesIO
from typing import Final

from PIL import Image, ImageCms, ImageOps

SIDE: Final = 256
FORMATS: Final = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF")
"""What is decoded: formats of pictures. Those that Pillow would hand to other programs, such as EPS, are not."""
ANSWER: Final = 1024 * 1024
"""Bytes that the answer may have; a WebP of 256 × 256 has a tenth of it at most."""


def limit(memory: int, seconds: int) -> None:
    """Takes away from this process what a picture needs not; on systems without such limits nothing happens."""
    try:
        import resource
    except ImportError:
        return
    os.nice(10)
    wanted = {"RLIMIT_AS": memory, "RLIMIT_CPU": seconds, "RLIMIT_FSIZE": ANSWER, "RLIMIT_CORE": 0, "RLIMIT_NOFILE": 32}
    for name, most in wanted.items():
        with suppress(ValueError, OSError):  # macOS knows some of them, and does not let them be set
            resource.setrlimit(getattr(resource, name), (most, most))


def draw(file: str, most_pixels: int) -> Image.Image:
    """Draws a picture so that it fits into 256 × 256, upright, in sRGB, and with nothing but its pixels."""
    Image.MAX_IMAGE_PIXELS = None  # this is stricter, and no mere warning
    with Image.open(file, formats=FORMATS) as opened:
        if opened.width * opened.height > most_pixels:
            raise ValueError(f"{opened.width} × {opened.height} pixels")
        picture = _smooth(opened)
        picture.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
        picture = _in_eight_bits(_in_srgb(_upright(picture)))
        picture.info.clear()
        return picture


def _smooth(picture: Image.Image) -> Image.Image:
    """Makes colours of a palette's numbers, which have no means between them, and of what is not scaled rightly."""
    if picture.mode == "1":
        return picture.convert("L")
    if picture.mode.startswith("I;16"):
        return picture.convert("I")
    if picture.mode in {"P", "PA"} or "transparency" in picture.info:
        return picture.convert("RGBA")
    return picture


def _upright(picture: Image.Image) -> Image.Image:
    with suppress(Exception):  # broken EXIF data can raise anything, and is no reason to show nothing
        return ImageOps.exif_transpose(picture)
    return picture


def _in_srgb(picture: Image.Image) -> Image.Image:
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in {"RGB", "RGBA", "CMYK"}:
        with suppress(ImageCms.PyCMSError, OSError):  # a broken profile: the colours are as good as they get
            meant = ImageCms.ImageCmsProfile(BytesIO(profile))
            shown = "RGBA" if picture.mode == "RGBA" else "RGB"
            converted = ImageCms.profileToProfile(picture, meant, ImageCms.createProfile("sRGB"), outputMode=shown)
            return converted or picture
    return picture


def _in_eight_bits(picture: Image.Image) -> Image.Image:
    if picture.mode == "I":
        picture = picture.point(lambda value: value * (1 / 256)).convert("L")
    if picture.mode in {"LA", "La", "RGBa"}:
        return picture.convert("RGBA")
    return picture if picture.mode in {"RGB", "RGBA"} else picture.convert("RGB")


def main(words: list[str]) -> None:
    """Draws what the words ask for."""
    file, pixels, memory, seconds = words[0], *map(int, words[1:])
    limit(memory, seconds)
    picture = draw(file, pixels)
    drawn = BytesIO()
    picture.save(drawn, "WEBP", quality=80, method=4)
    head = json.dumps({"width": picture.width, "height": picture.height})
    sys.stdout.buffer.write(head.encode() + b"\n" + drawn.getvalue())


if __name__ == "__main__":
    main(sys.argv[1:])
