"""Committing: one transaction for a write and its entry, one for many, and each decision for itself."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import Any

import pytest

from backend.domain.changes import Author
from backend.domain.errors import IdTaken, NotFound, Unavailable
from backend.repositories import changelog
from backend.repositories.database import MAX_OPERATIONS, ItemRefused, StoreUnavailable
from backend.repositories.decisions import Decision, View
from tests.changelog.bench import Bench, nothing
from tests.changelog.scripted import after, conflicts, unavailable


def test_a_write_is_an_entry_and_the_entity_that_it_tells_of(bench: Bench) -> None:
    first = bench.commit(bench.create("a"), Author("미나", "phone", "key"))
    second = bench.commit(bench.raise_version("a"))
    assert (first.result, second.result) == ("a", 2)
    entries = bench.entries()
    assert [(entry.seq, entry.op, entry.version, entry.actor) for entry in entries] == [
        (1, "created", 1, "미나"),
        (2, "updated", 2, None),
    ]
    assert (entries[0].device_id, entries[0].mutation_id) == ("phone", "key")
    assert entries[0].prior is None
    assert entries[1].prior == {"log": bench.log, "seq": 1}
    assert (first.changes, second.changes) == ((entries[0],), (entries[1],))
    assert [str(each.position) for each in (first, second)] == [f"{entries[0].epoch}:{seq}" for seq in (1, 2)]
    assert bench.announced == [bench.log] * 2


def test_a_decision_that_changes_nothing_writes_nothing(bench: Bench) -> None:
    bench.commit(bench.create("a"))
    head = bench.head_item()
    committed = bench.commit(nothing)
    assert (committed.result, committed.changes, committed.position.seq) == ("nothing", (), 1)
    assert bench.head_item() == head
    assert len(bench.database.tokens) == 1


def test_a_decision_that_raises_writes_nothing(bench: Bench) -> None:
    bench.commit(bench.create("a"))
    with pytest.raises(IdTaken):
        bench.commit(bench.create("a"))
    assert bench.names() == ["a"]


def test_no_entry_is_older_than_its_predecessor(bench: Bench) -> None:
    for name, days in [("a", 0), ("b", -2), ("c", 1)]:
        bench.now += timedelta(days=days)
        bench.commit(bench.create(name))
    assert [entry.at for entry in bench.entries()] == ["2100-01-15T00:00:00.000Z"] * 3


@pytest.mark.parametrize("log", ["missing", "x" * 3000, "", "directory"])
def test_a_log_that_is_not_there_is_not_found(bench: Bench, log: str) -> None:
    with pytest.raises(NotFound):
        bench.changelog.commit(log, nothing, Author())


def test_a_log_that_is_closed_takes_nothing(bench: Bench) -> None:
    bench.commit(bench.create("a"))
    bench.close()
    with pytest.raises(NotFound):
        bench.commit(bench.create("b"))
    assert bench.names() == ["a"]


def test_a_log_that_closes_meanwhile_takes_nothing(bench: Bench) -> None:
    bench.database.script.append(after(bench.close))
    with pytest.raises(NotFound):
        bench.commit(bench.create("a"))
    assert bench.names() == []


# Many at once


def test_many_decisions_are_one_transaction_in_their_order(bench: Bench) -> None:
    names = [f"n{number:02}" for number in range(30)]
    assert bench.commit_all([bench.create(name) for name in names]) == names
    assert bench.names() == names
    assert bench.database.sizes == [61]


def test_a_decision_sees_what_was_decided_before_it_in_the_same_transaction(bench: Bench) -> None:
    create, change = bench.create("a"), bench.raise_version("a")
    results = bench.commit_all([change, create, change, create, change, change])
    assert isinstance(results[0], NotFound)
    assert isinstance(results[3], IdTaken)
    assert [results[place] for place in (1, 2, 4, 5)] == ["a", 2, 3, 4]
    assert [entry.version for entry in bench.entries()] == [1, 2, 3, 4]
    assert [entry.prior and entry.prior["seq"] for entry in bench.entries()] == [None, 1, 2, 3]
    assert len(bench.database.sizes) == 1


def test_guards_are_seen_within_a_transaction_too(bench: Bench) -> None:
    key = f"name:{bench.log}"
    decisions = [bench.claim("a", key), bench.claim("b", key), bench.release("c", key), bench.claim("d", key)]
    results = bench.commit_all(decisions)
    assert [type(result) for result in results] == [str, IdTaken, str, str]
    assert bench.names() == ["a", "c", "d"]
    assert isinstance(bench.commit_all([bench.claim("e", key)])[0], IdTaken)


def test_a_guard_can_change_hands_within_a_transaction(bench: Bench) -> None:
    key = f"name:{bench.log}"
    bench.commit(bench.claim("a", key))
    assert bench.commit_all([bench.release("b", key), bench.claim("c", key)]) == ["b", "c"]
    assert bench.commit_all([bench.release("d", key), bench.claim("e", key), bench.release("f", key)]) == [
        "d",
        "e",
        "f",
    ]
    assert bench.commit_all([bench.claim("g", key), bench.release("h", key)]) == ["g", "h"]
    assert bench.commit(bench.claim("i", key)).result == "i"
    assert "".join(bench.names()) == "abcdefghi"


def test_one_that_fails_fails_alone(bench: Bench) -> None:
    def bug(view: View) -> Decision[str]:
        raise KeyError("a bug")

    results = bench.commit_all([bench.create("a"), bug, bench.create("a"), bench.create("b"), nothing])
    assert [type(result) for result in results] == [str, KeyError, IdTaken, str, str]
    assert bench.names() == ["a", "b"]
    assert len(bench.database.sizes) == 1


@pytest.mark.parametrize(
    "poison", [0.5, "\ud800", 2**63, "x" * 500_000, {"deep": [[[0.5]]]}], ids=lambda value: ascii(value)[:9]
)
def test_what_no_store_holds_fails_alone(bench: Bench, poison: Any) -> None:
    def hidden(view: View) -> Decision[str]:
        decision = bench.create("hidden")(view)
        decision.drafts[0].data["more"] = poison
        return decision

    decisions = [bench.create("a"), bench.create("b", more=poison), bench.create("c"), hidden, bench.create("d")]
    results = bench.commit_all(decisions)
    assert [type(result) for result in results] == [str, ItemRefused, str, ItemRefused, str]
    assert bench.names() == ["a", "c", "d"]


def test_more_than_a_transaction_takes_are_several_in_their_order(bench: Bench) -> None:
    names = [f"n{number:03}" for number in range(150)]
    assert bench.commit_all([bench.create(name) for name in names]) == names
    assert bench.names() == names
    assert max(bench.database.sizes) <= MAX_OPERATIONS
    assert len(bench.database.sizes) == 4


def test_more_bytes_than_a_transaction_takes_are_several_in_their_order(bench: Bench) -> None:
    names = [f"n{number:02}" for number in range(24)]
    assert bench.commit_all([bench.create(name, text="가" * 60_000) for name in names]) == names
    assert bench.names() == names
    assert 2 <= len(bench.database.sizes) <= 6


def test_writers_who_wait_are_taken_along(bench: Bench) -> None:
    """While one transaction is under way, all who come meanwhile make the next one."""
    arrived, released = threading.Event(), threading.Event()

    def wait() -> None:
        arrived.set()
        assert released.wait(20)

    bench.database.script.append(after(wait))
    threads = [threading.Thread(target=bench.commit, args=(bench.create(f"n{number}"),)) for number in range(12)]
    threads[0].start()
    assert arrived.wait(20)
    for thread in threads[1:]:
        thread.start()
    line = bench.changelog._lines[bench.log]
    deadline = time.monotonic() + 20
    while len(line.waiting) < 12 and time.monotonic() < deadline:
        time.sleep(0.001)
    released.set()
    for thread in threads:
        thread.join()
    assert len(bench.database.sizes) == 2
    assert sorted(bench.names()) == sorted(f"n{number}" for number in range(12))


def test_eight_writers_make_no_gap_and_lose_nothing(bench: Bench) -> None:
    bench.commit(bench.create("a"))
    results: list[int] = []
    processes = [bench.changelog, bench.another_process()]

    def write(number: int) -> None:
        for _ in range(5):
            results.append(processes[number % 2].commit(bench.log, bench.raise_version("a"), Author()).result)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == list(range(2, 42))
    assert [entry.version for entry in bench.entries()] == list(range(1, 42))


# Races


def test_a_decision_is_made_again_when_another_was_faster(bench: Bench) -> None:
    bench.commit(bench.create("a"))
    bench.database.script += [after(bench.race(bench.raise_version("a"))), after(bench.race(bench.raise_version("a")))]
    assert bench.commit(bench.raise_version("a")).result == 4
    assert [entry.version for entry in bench.entries()] == [1, 2, 3, 4]


def test_what_another_made_meanwhile_is_seen(bench: Bench) -> None:
    bench.database.script.append(after(bench.race(bench.create("a"))))
    with pytest.raises(IdTaken):
        bench.commit(bench.create("a"))
    assert bench.names() == ["a"]


def test_a_guard_that_another_log_took_meanwhile_is_seen(bench: Bench) -> None:
    other = Bench(bench.inner)
    key = f"id:{bench.log}"
    bench.database.script.append(after(lambda: other.commit(other.claim("a", key))))
    with pytest.raises(IdTaken):
        bench.commit(bench.claim("b", key))
    assert (other.names(), bench.names()) == (["a"], [])


def test_a_passing_conflict_is_tried_again_after_a_pause_that_grows(bench: Bench) -> None:
    bench.database.script += [conflicts] * 6
    assert bench.commit(bench.create("a")).result == "a"
    pauses = [pause for pause in bench.pauses if pause]  # a pause of 0 only lets others come into line
    assert len(pauses) == 6
    assert all(0 < pause <= 0.4 for pause in pauses)
    assert max(pauses[:2]) < max(pauses[3:])
    assert len(set(bench.database.tokens)) == 7, "each is another try"


def test_a_writer_gives_up_in_time(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changelog, "PATIENCE", 0.0)
    bench.database.script += [conflicts] * 5
    with pytest.raises(Unavailable):
        bench.commit(bench.create("a"))
    bench.database.script.clear()
    assert bench.commit(bench.create("a")).result == "a"
    assert bench.names() == ["a"]


def test_nobody_waits_longer_than_promised() -> None:
    assert changelog.PATIENCE + 2 <= 10


# A store that does not answer


def test_a_store_that_throttles_is_unavailable_and_nothing_is_written(bench: Bench) -> None:
    bench.database.script.append(unavailable)
    with pytest.raises(Unavailable):
        bench.commit(bench.create("a"))
    assert bench.names() == []
    bench.commit(bench.create("a"))
    assert bench.names() == ["a"]


def test_a_store_that_does_not_read_is_unavailable(bench: Bench) -> None:
    def fail() -> None:
        raise StoreUnavailable("down")

    bench.database.before_get = fail
    for decide in (bench.create("a"), nothing):
        with pytest.raises(Unavailable):
            bench.commit(decide)


def test_a_store_that_fails_while_it_is_decided_fails_no_single_decision(bench: Bench) -> None:
    def decide(view: View) -> Decision[str]:
        raise StoreUnavailable("down")

    results = bench.commit_all([bench.create("a"), decide])
    assert [type(result) for result in results] == [StoreUnavailable] * 2
    assert bench.names() == []


@pytest.mark.alone
def test_all_who_wait_are_told_at_once_that_the_store_is_down(bench: Bench) -> None:
    def fail() -> None:
        time.sleep(0.2)
        raise StoreUnavailable("down")

    bench.database.before_get = fail
    refused: list[Exception] = []

    def write(name: str) -> None:
        try:
            bench.commit(bench.create(name))
        except Unavailable as error:
            refused.append(error)

    threads = [threading.Thread(target=write, args=(f"n{number}",)) for number in range(20)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 20
    assert time.monotonic() - started < 2, "and not one after the other"


def test_a_writer_who_is_stopped_leaves_the_line(bench: Bench) -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    bench.database.script.append(after(stop))
    with pytest.raises(KeyboardInterrupt):
        bench.commit(bench.create("a"))
    bench.commit(bench.create("b"))
    assert bench.names() == ["b"]
