"""Remembers how events are written, so that a feed costs what has changed in it since it was asked for last."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final, TypeAlias

Event: TypeAlias = Mapping[str, Any]
Key: TypeAlias = tuple[str, ...]

MAX_BYTES: Final = 16 * 1024 * 1024
"""How much is remembered: about 30,000 events."""
_AT_ONCE: Final = 100
"""How many events are written in one go: some 30 ms."""


class Rendered:
    """Is a bounded memory of texts by event, version and shape; when it is full it begins anew."""

    def __init__(self, offload: Callable[[Callable[[], Any]], Any], max_bytes: int = MAX_BYTES) -> None:
        self._offload = offload
        self._max_bytes = max_bytes
        self._bytes = 0
        self._texts: dict[Key, bytes] = {}

    def of(self, events: Iterable[Event], shape: str, render: Callable[[Event], bytes]) -> dict[str, bytes]:
        """Gives the text of each event in a shape by its id; those that are not known are made by `render`."""
        found: dict[str, bytes] = {}
        missing: list[Event] = []
        for event in events:
            text = self._texts.get(_key(event, shape))
            if text is None:
                missing.append(event)
            else:
                found[event["id"]] = text
        for start in range(0, len(missing), _AT_ONCE):
            chunk = missing[start : start + _AT_ONCE]
            texts = self._offload(partial(_written, chunk, render))
            for event, text in zip(chunk, texts, strict=True):
                found[event["id"]] = text
                self._remember(_key(event, shape), text)
        return found

    def _remember(self, key: Key, text: bytes) -> None:
        if self._bytes + len(text) > self._max_bytes:
            self._texts, self._bytes = {}, 0
        self._texts[key] = text
        self._bytes += len(text)


def _written(events: Iterable[Event], render: Callable[[Event], bytes]) -> list[bytes]:
    return [render(event) for event in events]


def _key(event: Event, shape: str) -> Key:
    """Is what a text is known by; after a log was restored a version may mean something else, but not its moment."""
    return (event["id"], event["department_id"], str(event["version"]), event["last_modified"], shape)
