"""What the first bytes of a file say about its type, and whether that contradicts what was declared.

A type whose beginning is known must have it: a picture, a film, a sound, a PDF, an archive or a document that begins
otherwise only pretends. Types that nobody can tell by their beginning are taken as they are declared, as long as the
content does not begin like one of those. A polyglot (a JPEG with HTML in its comments) is what it is declared to be,
and harmless: it is served under that type, with `nosniff`.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

HEAD_BYTES: Final = 4096
"""How many bytes from the beginning of a file are looked at."""

Test = Callable[[bytes], bool]


def _begins(*magic: bytes) -> Test:
    return lambda head: head.startswith(magic)


def _riff(kind: bytes) -> Test:
    return lambda head: head[:4] in {b"RIFF", b"RIFX", b"RF64"} and head[8:12] == kind


def _media(brands: Iterable[bytes]) -> Test:
    """Tells an ISO base media file (ISO/IEC 14496-12, section 4.3) by its major brand, or by one that it works with."""
    wanted = frozenset(brands)

    def test(head: bytes) -> bool:
        length = int.from_bytes(head[:4], "big") if head[4:8] == b"ftyp" else 0
        box = head[: min(length, len(head))]
        return any(box[at : at + 4] in wanted for at in range(8, len(box) - 3, 4) if at != 12)

    return test


def _film(head: bytes) -> bool:
    """Tells a film or a sound in an ISO base media file, or an old QuickTime film, which begins with another box."""
    kind = head[4:8]
    return (kind == b"ftyp" and not _PICTURE_MEDIA(head)) or kind in {b"moov", b"mdat", b"wide", b"free", b"skip"}


def _mpeg_audio(head: bytes) -> bool:
    """Tells MPEG audio: an ID3 tag, or the first frame's sync word; perhaps after padding."""
    bare = head.lstrip(b"\0")
    return bare.startswith(b"ID3") or (len(bare) > 1 and bare[0] == 0xFF and bare[1] & 0xE0 == 0xE0)


def _pdf(head: bytes) -> bool:
    """Tells a PDF; its header may stand anywhere in the first kilobyte (ISO 32000-1, annex H, note 13)."""
    return b"%PDF-" in head[:1024]


def _transport_stream(head: bytes) -> bool:
    return head[:1] == b"G" and all(head[at : at + 1] in {b"G", b""} for at in (188, 376))


def _markup(head: bytes) -> bool:
    return _text(head) and b"<" in head


def _text(head: bytes) -> bool:
    """Tells text: no NUL, unless it is UTF-16 or UTF-32 and says so."""
    return head.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")) or b"\0" not in head


_HEIF_BRANDS: Final = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"hevm", b"hevs", b"mif1", b"msf1", b"miaf")
_AVIF_BRANDS: Final = (b"avif", b"avis")
_PICTURE_MEDIA: Final = _media((*_HEIF_BRANDS, *_AVIF_BRANDS))
_ZIP: Final = _begins(b"PK\3\4", b"PK\5\6", b"PK\7\x08")
_OLE: Final = _begins(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_EBML: Final = _begins(b"\x1aE\xdf\xa3")
_OGG: Final = _begins(b"OggS")
_TIFF: Final = _begins(b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")

_TESTS: Final[Mapping[str, Test]] = {
    "image/jpeg": _begins(b"\xff\xd8\xff"),
    "image/png": _begins(b"\x89PNG\r\n\x1a\n"),
    "image/gif": _begins(b"GIF87a", b"GIF89a"),
    "image/webp": _riff(b"WEBP"),
    "image/bmp": _begins(b"BM"),
    "image/tiff": _TIFF,
    "image/x-icon": _begins(b"\0\0\1\0", b"\0\0\2\0"),
    "image/heic": _media(_HEIF_BRANDS),
    "image/avif": _media(_AVIF_BRANDS),
    "image/jxl": _begins(b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n"),
    "image/vnd.adobe.photoshop": _begins(b"8BPS"),
    "image/svg+xml": _markup,
    "video/mp4": _film,
    "video/webm": _EBML,
    "video/x-msvideo": _riff(b"AVI "),
    "video/mpeg": lambda head: head.startswith((b"\0\0\1\xba", b"\0\0\1\xb3")) or _transport_stream(head),
    "video/mp2t": _transport_stream,
    "video/x-ms-wmv": _begins(b"0&\xb2u\x8ef\xcf\x11"),
    "video/x-flv": _begins(b"FLV\1"),
    "audio/mpeg": _mpeg_audio,
    "audio/wav": _riff(b"WAVE"),
    "audio/ogg": _OGG,
    "audio/flac": _begins(b"fLaC", b"ID3"),
    "audio/aac": lambda head: head.startswith(b"ADIF") or _mpeg_audio(head),
    "audio/midi": _begins(b"MThd"),
    "audio/amr": _begins(b"#!AMR"),
    "audio/aiff": lambda head: head[:4] == b"FORM" and head[8:12] in {b"AIFF", b"AIFC"},
    "application/pdf": _pdf,
    "application/zip": _ZIP,
    "application/gzip": _begins(b"\x1f\x8b"),
    "application/x-7z-compressed": _begins(b"7z\xbc\xaf\x27\x1c"),
    "application/vnd.rar": _begins(b"Rar!\x1a\x07"),
    "application/x-bzip2": _begins(b"BZh"),
    "application/x-xz": _begins(b"\xfd7zXZ\0"),
    "application/msword": lambda head: _OLE(head) or _ZIP(head) or head.startswith(b"{\\rtf"),
    "application/x-hwp": lambda head: _OLE(head) or head.startswith(b"HWP Document File"),
    "application/rtf": _begins(b"{\\rtf"),
}
"""Each type whose beginning is known; of several names of one type the first is here."""

_SAME: Final[Mapping[str, str]] = {
    **dict.fromkeys(("image/jpg", "image/pjpeg"), "image/jpeg"),
    **dict.fromkeys(("image/x-png", "image/apng"), "image/png"),
    **dict.fromkeys(("image/x-ms-bmp", "image/x-bmp"), "image/bmp"),
    **dict.fromkeys(("image/heif", "image/heic-sequence", "image/heif-sequence"), "image/heic"),
    "image/vnd.microsoft.icon": "image/x-icon",
    **dict.fromkeys(("video/quicktime", "video/x-m4v", "video/3gpp", "video/3gpp2", "audio/mp4"), "video/mp4"),
    **dict.fromkeys(("audio/x-m4a", "audio/m4a", "audio/3gpp"), "video/mp4"),
    **dict.fromkeys(("video/x-matroska", "audio/webm", "audio/x-matroska"), "video/webm"),
    **dict.fromkeys(("video/avi", "video/vnd.avi", "video/msvideo"), "video/x-msvideo"),
    **dict.fromkeys(("video/x-ms-asf", "audio/x-ms-wma"), "video/x-ms-wmv"),
    **dict.fromkeys(("video/ogg", "application/ogg", "audio/opus"), "audio/ogg"),
    **dict.fromkeys(("audio/mp3", "audio/x-mp3", "audio/mpeg3", "audio/x-mpeg"), "audio/mpeg"),
    **dict.fromkeys(("audio/x-wav", "audio/wave", "audio/vnd.wave"), "audio/wav"),
    "audio/x-flac": "audio/flac",
    "audio/x-aiff": "audio/aiff",
    **dict.fromkeys(("audio/x-midi", "audio/mid"), "audio/midi"),
    "application/x-pdf": "application/pdf",
    **dict.fromkeys(("application/x-zip-compressed", "application/epub+zip"), "application/zip"),
    **dict.fromkeys(("application/hwp+zip", "application/vnd.hancom.hwpx"), "application/zip"),
    "application/x-gzip": "application/gzip",
    **dict.fromkeys(("application/x-rar-compressed", "application/x-rar"), "application/vnd.rar"),
    "application/vnd.ms-powerpoint": "application/msword",
    **dict.fromkeys(("application/haansofthwp", "application/vnd.hancom.hwp"), "application/x-hwp"),
    "text/rtf": "application/rtf",
}

_VAGUE: Final = frozenset({"image/svg+xml", "image/bmp", "audio/mpeg", "audio/aac", "application/msword"})
"""Types whose test others pass, too."""

_ANY: Final = ("application/octet-stream", "text/plain")
"""What anything is that is none of these types: without text, and with nothing but text."""

_DOCUMENTS: Final = ("application/vnd.openxmlformats-officedocument.", "application/vnd.oasis.opendocument.")
"""Begin the names of documents that are archives, or compound files where they have a password."""
_EXECUTABLE: Final = _begins(b"MZ", b"\x7fELF", b"#!", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
_MEDIA: Final = ("image/", "video/", "audio/")
_FOREIGN_TO_MEDIA: Final[tuple[Test, ...]] = (_EXECUTABLE, _pdf, _ZIP, _OLE, lambda head: _markup(head.lstrip()[:64]))


def contradiction(mime_type: str, head: bytes) -> str | None:
    """Tells what a file is, where the bytes that it begins with are not of the declared type; None where they may be.

    Nothing contradicts an empty file.
    """
    declared = mime_type.partition(";")[0].strip().lower()
    return told(head) if head and not _may_be(_SAME.get(declared, declared), head) else None


def told(head: bytes) -> str:
    """Tells the type of what begins so, as far as anybody can tell."""
    named = (kind for kind, test in _TESTS.items() if kind not in _VAGUE and test(head))
    return next(named, _ANY[_text(head)])


def _may_be(kind: str, head: bytes) -> bool:
    if kind in _TESTS:
        return _TESTS[kind](head)
    if kind.startswith(_DOCUMENTS):
        return _ZIP(head) or _OLE(head)
    if kind.startswith("text/"):
        return not (head.startswith(b"%PDF-") or (told(head) not in _ANY and not _text(head)))
    return not (kind.startswith(_MEDIA) and any(test(head) for test in _FOREIGN_TO_MEDIA))
