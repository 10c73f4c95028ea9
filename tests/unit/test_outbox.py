"""What waits for one client is given out in small payloads, and its size is known."""

from __future__ import annotations

import queue

import pytest
from engineio.packet import MESSAGE, Packet

from backend.realtime.outbox import MOST_SENT, Outbox


@pytest.fixture
def outbox() -> Outbox:
    return Outbox(queue.Queue(), queue.Empty)


def test_a_payload_ends_after_as_many_packets_as_every_client_takes(outbox: Outbox) -> None:
    for number in range(MOST_SENT + 3):
        outbox.put(Packet(MESSAGE, str(number)))
    payload = [outbox.get(timeout=1).data]
    with pytest.raises(queue.Empty):
        while True:
            payload.append(outbox.get(block=False).data)
    assert payload == [str(number) for number in range(MOST_SENT)]
    assert outbox.get(timeout=1).data == str(MOST_SENT)


def test_it_knows_how_much_waits(outbox: Outbox) -> None:
    outbox.put(Packet(MESSAGE, "가나다"))
    outbox.put(Packet(MESSAGE, b"12345"))
    outbox.put(None)
    assert (outbox.qsize(), outbox.waiting) == (3, 8)
    outbox.get()
    assert outbox.waiting == 5
    outbox.get()
    outbox.get()
    assert outbox.waiting == 0
