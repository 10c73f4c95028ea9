"""Thumbnails of every kind of picture; and whatever else comes is bounded and harms nothing."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms

from backend.storage import thumbnail_program
from backend.storage.errors import StoreUnavailable
from backend.storage.thumbnails import Limits, NotDrawn, Thumbnail, draw
from tests.files.pictures import SVG, picture, png_header
from toolchain.steps import ROOT


def thumbnail(tmp_path: Path, body: bytes, **limits: int) -> Thumbnail:
    file = tmp_path / "file"
    file.write_bytes(body)
    return draw(file, Limits(**limits))


def drawn(tmp_path: Path, body: bytes) -> Image.Image:
    """Draw a good picture without a process of its own."""
    file = tmp_path / "file"
    file.write_bytes(body)
    return thumbnail_program.draw(str(file), 10**7)


def opened(drawn: Thumbnail) -> Image.Image:
    image = Image.open(BytesIO(drawn.body))
    assert (image.format, image.size) == ("WEBP", (drawn.width, drawn.height))
    return image


@pytest.mark.parametrize(
    ("form", "mode"),
    [
        ("JPEG", "RGB"),
        ("JPEG", "CMYK"),
        ("JPEG", "L"),
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("PNG", "1"),
        ("PNG", "I;16"),
        ("GIF", "P"),
        ("WEBP", "RGB"),
        ("BMP", "RGB"),
        ("TIFF", "RGB"),
        ("AVIF", "RGB"),
        ("MPO", "RGB"),
    ],
)
def test_every_kind_of_picture_is_drawn_with_its_colours(tmp_path: Path, form: str, mode: str) -> None:
    image = drawn(tmp_path, picture(form, mode=mode))
    assert image.size == (256, 192)
    dark, light = (image.convert("L").getpixel((x, 96)) for x in (40, 216))
    assert dark == pytest.approx(0, abs=20)
    assert light == pytest.approx(240, abs=20)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((100, 50), (100, 50)),
        ((1, 1), (1, 1)),
        ((3000, 10), (256, 1)),
        ((10, 3000), (1, 256)),
        ((256, 256), (256, 256)),
    ],
)
def test_it_fits_and_nothing_is_enlarged(tmp_path: Path, size: tuple[int, int], expected: tuple[int, int]) -> None:
    assert drawn(tmp_path, picture("PNG", size)).size == expected


def test_a_phones_photo_stands_upright_and_keeps_no_metadata(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Maker"  # to be turned by 90 degrees clockwise
    exif.get_ifd(0x8825)[1] = "N"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    drawn = thumbnail(tmp_path, picture(exif=exif, icc_profile=profile, comment=b"secret"))
    assert (drawn.width, drawn.height) == (192, 256)
    image = opened(drawn)
    assert not image.getexif()
    assert set(image.info) <= {"loop", "background", "timestamp", "duration"}
    assert b"EXIF" not in drawn.body
    assert b"ICCP" not in drawn.body
    top, bottom = (image.convert("L").getpixel((96, y)) for y in (40, 216))
    assert top == pytest.approx(0, abs=20)
    assert bottom == pytest.approx(240, abs=20)


def test_what_is_transparent_stays_so_and_of_a_film_it_is_the_first_picture(tmp_path: Path) -> None:
    clear = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    file = BytesIO()
    clear.save(file, "PNG")
    assert opened(thumbnail(tmp_path, file.getvalue())).convert("RGBA").getpixel((5, 5)) == (0, 0, 0, 0)
    file = BytesIO()
    frames = [Image.new("RGB", (300, 300), colour) for colour in ("red", "blue")]
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    shown: Any = opened(thumbnail(tmp_path, file.getvalue())).convert("RGB").getpixel((9, 9))
    assert shown[0] > 200 > shown[2]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0",
        b"not a picture",
        SVG,
        picture()[:2000],
        picture("PNG")[:1000],
        b"<!DOCTYPE html><script>alert(1)</script>" + picture(),
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        b"RIFF\xff\xff\xff\xffWEBPVP8 " + bytes(40),
        os.urandom(5000),
    ],
    ids=["empty", "NUL", "text", "svg", "cut JPEG", "cut PNG", "polyglot", "EPS", "WebP without end", "noise"],
)
def test_what_is_no_whole_picture_has_no_thumbnail(tmp_path: Path, body: bytes) -> None:
    with pytest.raises(NotDrawn):
        thumbnail(tmp_path, body)


def test_a_jpeg_with_a_page_in_it_becomes_a_picture_without_it(tmp_path: Path) -> None:
    drawn = thumbnail(tmp_path, picture(comment=b"<script>alert(1)</script>") + b"<html><script>alert(2)</script>")
    assert b"script" not in drawn.body


def test_a_bomb_of_2500_million_pixels_is_refused_by_its_header(tmp_path: Path) -> None:
    with pytest.raises(NotDrawn, match="50000 × 50000"):
        thumbnail(tmp_path, png_header(50_000, 50_000))


def test_memory_is_bounded_also_where_pixels_are_not(tmp_path: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    with pytest.raises(NotDrawn, match="MemoryError"):
        thumbnail(tmp_path, png_header(50_000, 50_000), pixels=10**10, memory=512 * 1024**2)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss <= max(before, 1024 * 1024)


def test_time_is_bounded_also_where_nothing_is_computed(tmp_path: Path) -> None:
    waits = tmp_path / "waits"
    os.mkfifo(waits)
    begun = time.monotonic()
    with pytest.raises(StoreUnavailable, match="too long"):  # it is tried again: the picture may be good
        draw(waits, Limits(seconds=0))
    assert time.monotonic() - begun < 20


def test_computing_is_bounded() -> None:
    busy = "from backend.storage.thumbnail_program import limit; limit(2**30, 1)\nwhile True: pass"
    begun = time.monotonic()
    ended = subprocess.run([sys.executable, "-c", busy], cwd=ROOT, timeout=30, check=False)
    assert ended.returncode < 0
    assert time.monotonic() - begun < 20


def test_it_sees_nothing_of_the_servers_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "program.py"
    program.write_text("import os, sys; sys.exit(repr(sorted({*os.environ} - {'LC_CTYPE'})) + repr(sys.path[0]))")
    monkeypatch.setattr("backend.storage.thumbnails.PROGRAM", program)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    with pytest.raises(NotDrawn, match=r"^\[\]'/"):
        draw(tmp_path, Limits())
