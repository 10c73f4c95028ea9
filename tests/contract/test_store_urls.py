"""What a signed address allows, and what it does not: over the folder, moto and an S3 server that checks signatures."""

from __future__ import annotations

import time
from datetime import UTC, timedelta
from unicodedata import normalize
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

import pytest

from backend.storage.keys import FILES
from backend.storage.objects import Disposition, SignedRequest
from tests.contract.places import Place, checksum_of

BODY = b"0123456789"
REFUSED = {400, 403, 404, 411, 422}


def signed_put(place: Place, size: int = len(BODY), ttl: int = 600) -> SignedRequest:
    return place.store.sign_put(
        place.key(),
        size=size,
        mime_type="text/plain",
        checksum_sha256=checksum_of(BODY),
        expires_at=place.clock() + timedelta(seconds=ttl),
    )


def altered(url: str, name: str, value: str) -> str:
    parts = urlsplit(url)
    query = [(each, value if each == name else old) for each, old in parse_qsl(parts.query, keep_blank_values=True)]
    return urlunsplit(parts._replace(query=urlencode(query)))


def mutations(url: str) -> list[str]:
    """List addresses that differ from a signed one in one place each."""
    query = parse_qsl(urlsplit(url).query)
    changed = [altered(url, name, value[:-1] + ("0" if value[-1] != "0" else "1")) for name, value in query]
    return [*changed, url.partition("?")[0], url.replace("/files/", "/files/x", 1), f"{url}&versionId=1"]


def test_an_address_that_was_altered_allows_nothing(strict: Place) -> None:
    signed = signed_put(strict)
    for url in mutations(signed.url):
        answer = strict.send("PUT", url, signed.headers, BODY)
        unchanged = strict.name == "folder" and url.endswith("versionId=1")  # it is no part of what was granted
        assert answer.status in REFUSED or unchanged, url
    assert len(list(strict.store.list(FILES))) <= 1


def test_an_address_ends_when_it_was_said_to(strict: Place) -> None:
    signed = signed_put(strict, ttl=2)
    if strict.has_own_clock:
        while strict.clock() < signed.expires_at:
            strict.clock.now = strict.clock.now.now(UTC)
            time.sleep(0.1)
    else:
        strict.clock.now = signed.expires_at
    assert strict.perform(signed, BODY).status == 403
    assert list(strict.store.list(FILES)) == []


def test_an_address_is_for_one_key_and_one_thing(strict: Place) -> None:
    key, other = strict.stored(BODY), strict.key()
    download = strict.store.sign_get(
        key, file_name="a", mime_type="text/plain", disposition="inline", expires_at=strict.later()
    )
    assert strict.send("PUT", download.url, {}, BODY).status in {403, 405}
    assert strict.send("DELETE", download.url, {}, b"").status in {403, 405}
    upload = signed_put(strict)
    assert strict.send("GET", upload.url, {}, b"").status in {403, 405}
    assert strict.send("PUT", download.url.replace(key.text, other.text), {}, BODY).status in {403, 405}
    assert [row.key for row in strict.store.list(FILES)] == [key]


@pytest.mark.parametrize("body", [b"", BODY[:-1], BODY + b"!", BODY * 1000], ids=["none", "less", "more", "much more"])
def test_a_body_of_another_size_is_refused(strict: Place, body: bytes) -> None:
    signed = signed_put(strict)
    assert strict.perform(signed, body).status in REFUSED
    assert list(strict.store.list(FILES)) == []
    assert strict.perform(signed, BODY).status == 200


def test_a_part_of_another_size_is_refused(strict: Place) -> None:
    key = strict.key()
    upload = strict.store.begin_multipart(key, mime_type="video/mp4", part_checksums=False)
    signed = strict.store.sign_part(key, upload, 1, size=4, checksum_sha256=None, expires_at=strict.later())
    assert strict.perform(signed, b"part and more").status in REFUSED
    assert strict.store.list_parts(key, upload) == []


def test_a_body_of_another_type_is_refused(strict: Place) -> None:
    signed = signed_put(strict)
    for other in ("text/html", "TEXT", ""):
        answer = strict.send("PUT", signed.url, {**signed.headers, "Content-Type": other}, BODY)
        assert answer.status in REFUSED
    assert list(strict.store.list(FILES)) == []


def test_an_address_may_be_signed_again_and_again(place: Place) -> None:
    key = place.key()
    upload = place.store.begin_multipart(key, mime_type="video/mp4", part_checksums=False)
    later = place.later()
    signed = [
        place.store.sign_part(key, upload, 1, size=4, checksum_sha256=None, expires_at=later + timedelta(seconds=n))
        for n in range(3)
    ]
    assert len({each.url for each in signed}) == 3
    assert place.perform(signed[0], b"part").status == 200
    assert place.perform(signed[2], b"part").status == 200
    assert len(place.store.list_parts(key, upload)) == 1


@pytest.mark.parametrize(
    ("wanted", "status", "content", "place_in_it"),
    [
        ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
        ("bytes=8-", 206, b"89", "bytes 8-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=8-100", 206, b"89", "bytes 8-9/10"),
        ("bytes=0-0", 206, b"0", "bytes 0-0/10"),
        ("chapters=1-2", 200, BODY, None),
    ],
)
def test_a_download_may_ask_for_a_range(
    place: Place, wanted: str, status: int, content: bytes, place_in_it: str | None
) -> None:
    if status == 200 and not place.ignores_other_units:
        wanted = "bytes=0-"
        status, place_in_it = 206, "bytes 0-9/10"
    answer = place.download(place.stored(BODY), Range=wanted)
    assert (answer.status, answer.body, answer.headers.get("Content-Range")) == (status, content, place_in_it)
    assert answer.headers["Accept-Ranges"] == "bytes"


def test_a_range_behind_the_end_is_416(place: Place) -> None:
    answer = place.download(place.stored(BODY), Range="bytes=10-")
    assert answer.status == 416
    assert answer.headers.get("Content-Range", "bytes */10") == "bytes */10"


def test_a_download_has_conditions(place: Place) -> None:
    key = place.stored(BODY)
    first = place.download(key)
    tag = first.headers["ETag"]
    assert (first.status, first.body) == (200, BODY)
    assert place.download(key, If_None_Match=tag).status == 304
    assert place.download(key, If_None_Match='"another"').status == 200
    assert place.download(key, If_Match='"another"').status == 412
    assert place.download(key, If_Match=tag).status == 200
    assert place.download(key, Range="bytes=1-2", If_Range=tag).status == 206
    if place.knows_if_range:
        assert place.download(key, Range="bytes=1-2", If_Range='"another"').body == BODY
        assert place.download(key, Range="bytes=1-2", If_Range=first.headers["Last-Modified"]).status == 206
        assert place.download(key, If_Modified_Since=first.headers["Last-Modified"]).status == 304
        assert place.download(key, If_Unmodified_Since="Sat, 01 Jan 2000 00:00:00 GMT").status == 412


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("회의록.txt", "file.txt"),
        ("회의록 2024.txt", "___ 2024.txt"),
        ("회의록.txt", "file.txt"),
        ("🎉 party.txt", "_ party.txt"),
        ("café.txt", "cafe.txt"),
        ('a"b\\c.txt', "a_b_c.txt"),
        ("100% of it.txt", "100_ of it.txt"),
        ("a; filename=b.txt", "a; filename=b.txt"),
        ("한" * 255, "file"),
    ],
)
def test_a_download_has_its_name(place: Place, name: str, plain: str) -> None:
    said = place.download(place.stored(BODY), name).headers["Content-Disposition"]
    kind, _, rest = said.partition("; ")
    ascii_name, _, whole = rest.partition("; filename*=UTF-8''")
    assert kind == "attachment"
    assert ascii_name == f'filename="{plain}"'
    assert unquote(whole) == ("" if plain == name else normalize("NFC", name))


@pytest.mark.parametrize(
    ("mime_type", "shown"),
    [
        ("image/png", "inline"),
        ("video/mp4", "inline"),
        ("audio/mpeg", "inline"),
        ("application/pdf", "inline"),
        ("image/svg+xml", "attachment"),
        ("IMAGE/SVG+XML", "attachment"),
        ("image/svg+xml; charset=utf-8", "attachment"),
        ("text/html", "attachment"),
        ("application/xhtml+xml", "attachment"),
        ("text/plain", "attachment"),
    ],
)
def test_only_what_runs_no_script_is_shown(place: Place, mime_type: str, shown: Disposition) -> None:
    answer = place.download(place.stored(BODY), "a", mime_type)
    assert answer.headers["Content-Disposition"] == f'{shown}; filename="a"'
    assert answer.headers["Content-Type"] == mime_type
    if place.name == "folder":
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert ("sandbox" in answer.headers["Content-Security-Policy"]) == (mime_type != "application/pdf")


def test_addresses_have_what_a_url_may_have(place: Place) -> None:
    signed = place.store.sign_get(
        place.key(), file_name="회의 록&=?#.txt", mime_type="text/plain", disposition="inline", expires_at=place.later()
    )
    assert quote(signed.url, safe="/:?&=%'()*!~,;+@$.-_") == signed.url
