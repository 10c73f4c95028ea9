"""Unmasking WebSocket frames: by one XOR of large integers, and the same as byte by byte (RFC 6455, section 5.3)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from backend.realtime.eventlet_engine import unmask

OCTET = st.integers(0, 255)
MASK = st.tuples(OCTET, OCTET, OCTET, OCTET)


def definition(data: bytes, mask: tuple[int, int, int, int], offset: int) -> bytes:
    return bytes(octet ^ mask[(offset + place) % 4] for place, octet in enumerate(data))


@given(data=st.binary(max_size=70), mask=MASK, offset=st.integers(0, 2**40))
def test_it_does_what_the_rfc_says(data: bytes, mask: tuple[int, int, int, int], offset: int) -> None:
    assert unmask(data, mask, offset=offset) == definition(data, mask, offset)
    assert unmask(data, mask, len(data), offset) == definition(data, mask, offset)


@given(data=st.binary(max_size=70), more=st.binary(max_size=9), mask=MASK, offset=st.integers(0, 9))
def test_it_stops_where_it_is_told_to(data: bytes, more: bytes, mask: tuple[int, int, int, int], offset: int) -> None:
    assert unmask(data + more, mask, len(data), offset) == definition(data, mask, offset)


@given(data=st.binary(max_size=70), cut=st.integers(0, 70), mask=MASK)
def test_a_frame_may_come_in_parts(data: bytes, cut: int, mask: tuple[int, int, int, int]) -> None:
    head, tail = data[:cut], data[cut:]
    assert unmask(head, mask) + unmask(tail, mask, offset=len(head)) == definition(data, mask, 0)
