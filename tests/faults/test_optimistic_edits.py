"""Thousands of edits of a few events at once, each on the condition that nobody was faster: none is lost."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.in_process import Api, json_of, serving

EVENTS = 10
EDITS = 5000
THREADS = 8


def edit_together(api: Api, events: list[str], edits: int) -> list[tuple[str, int, str]]:
    """Edits with `If-Match` from many threads; gives every edit that was acknowledged, and refused ones by status."""

    def work(number: int) -> list[tuple[str, int, str]]:
        mine, chance, known = Api(api.dayroom), random.Random(number), dict.fromkeys(events, 1)
        done: list[tuple[str, int, str]] = []
        for turn in range(edits // THREADS):
            event = chance.choice(events)
            title = f"{number}-{turn}"
            answer = mine.put(f"/api/events/{event}", {"title": title}, If_Match=f'"{known[event]}"')
            body: dict[str, Any] = json_of(answer)
            if answer.status_code == 200:
                done.append((event, body["version"], title))
                known[event] = body["version"]
            else:
                assert answer.status_code == 412, answer.text
                known[event] = body["current"]["version"]
        return done

    with ThreadPoolExecutor(THREADS) as threads:
        return [each for done in threads.map(work, range(THREADS)) for each in done]


def test_five_thousand_concurrent_edits_of_ten_events() -> None:
    with serving() as api:
        department = api.department()["id"]
        events = [api.event(department, title="0")["id"] for _ in range(EVENTS)]
        acknowledged = edit_together(api, events, EDITS)
        refused = EDITS - len(acknowledged)
        assert refused > 100, "nobody was in anybody's way"
        assert len(acknowledged) > 500
        titles = {(event, version): title for event, version, title in acknowledged}
        assert len(titles) == len(acknowledged), "a version was given twice"
        versions = Counter(event for event, _, _ in acknowledged)
        for event in events:
            history = json_of(api.get(f"/api/events/{event}/history"))
            assert history["complete"]
            told = {version["version"]: version["data"]["title"] for version in history["versions"]}
            assert told == {1: "0", **{number: titles[event, number] for number in range(2, versions[event] + 2)}}
