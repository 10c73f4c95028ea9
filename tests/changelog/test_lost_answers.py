"""A transaction whose answer was lost happened once or not at all, and its writer is told which, or 503."""

from __future__ import annotations

import pytest

from backend.domain.errors import IdTaken, Unavailable
from backend.repositories.database import StoreUnavailable
from tests.changelog.bench import Bench
from tests.changelog.scripted import Later, Step, after, conflicts, happens, lost_after, lost_before, unavailable

SETTLED: dict[str, list[Step]] = {
    "lost before": [lost_before],
    "lost after": [lost_after],
    "lost before, twice": [lost_before, lost_before],
    "lost after, twice": [lost_after, lost_after],
    "lost before, then after": [lost_before, lost_after],
    "lost after, then before": [lost_after, lost_before],
    "lost after, always": [lost_after] * 3,
    "lost before, always but once": [lost_before, lost_before, lost_after],
    "lost after, then throttled": [lost_after, unavailable, unavailable],
    "lost before, then throttled": [lost_before, unavailable],
    "lost after, then in the way": [lost_after, conflicts],
    "lost before, then in the way": [lost_before, conflicts],
    "in the way, then lost": [conflicts, lost_after],
}

UNSETTLED: dict[str, list[Step]] = {
    "lost before, always": [lost_before] * 3,
    "lost before, then throttled": [lost_before, unavailable, unavailable],
    "lost before, then in the way": [lost_before, conflicts, conflicts],
}


@pytest.mark.parametrize("script", SETTLED.values(), ids=SETTLED)
def test_a_lost_answer_is_settled_and_nothing_is_doubled(bench: Bench, script: list[Step]) -> None:
    bench.commit(bench.create("a"))
    bench.database.tokens.clear()
    bench.database.script += script
    committed = bench.commit(bench.raise_version("a"))
    assert committed.result == 2
    assert [entry.version for entry in bench.entries()] == [1, 2]
    assert committed.changes == (bench.entries()[1],)


def test_a_transaction_is_sent_again_under_its_own_token(bench: Bench) -> None:
    bench.database.script += [lost_before, lost_before]
    bench.commit(bench.create("a"))
    assert len(bench.database.tokens) == 3
    assert len(set(bench.database.tokens)) == 1


@pytest.mark.parametrize("script", UNSETTLED.values(), ids=UNSETTLED)
def test_what_cannot_be_settled_is_unavailable(bench: Bench, script: list[Step]) -> None:
    bench.database.script += script
    with pytest.raises(Unavailable):
        bench.commit(bench.create("a"))
    assert bench.names() == []
    assert bench.announced == [bench.log], "the relay looks all the same"


def test_a_log_that_cannot_be_asked_is_unavailable(bench: Bench) -> None:
    def go_down() -> None:
        def fail() -> None:
            raise StoreUnavailable("down")

        bench.database.before_get = fail

    bench.database.script += [lost_after, after(go_down, lost_before), lost_before]
    with pytest.raises(Unavailable):
        bench.commit(bench.create("a"))
    bench.database.before_get = lambda: None
    assert bench.names() == ["a"]
    with pytest.raises(IdTaken):  # so a client that repeats it with its id finds it there
        bench.commit(bench.create("a"))


def test_a_request_that_arrives_after_its_repeat_changes_nothing(bench: Bench) -> None:
    late = Later()
    bench.database.script += [late, after(lambda: None)]
    bench.commit(bench.create("a"))
    late.arrive()
    assert bench.names() == ["a"]
    bench.commit(bench.create("b"))
    late.arrive()
    assert bench.names() == ["a", "b"]


def test_a_request_that_arrives_before_its_repeat_happens_once(bench: Bench) -> None:
    late = Later()
    bench.database.script += [late, after(late.arrive)]
    assert bench.commit(bench.create("a")).result == "a"
    assert bench.names() == ["a"]


def test_a_request_that_arrives_after_everyone_gave_up_happens_once(bench: Bench) -> None:
    late = Later()
    bench.database.script += [late] * 3
    with pytest.raises(Unavailable):
        bench.commit(bench.create("a"))
    late.arrive()
    assert bench.names() == ["a"]
    with pytest.raises(IdTaken):
        bench.commit(bench.create("a"))


def test_a_request_that_arrives_after_others_have_written_never_happens(bench: Bench) -> None:
    late = Later()
    bench.database.script += [late] * 3
    with pytest.raises(Unavailable):
        bench.commit(bench.create("a"))
    bench.commit(bench.create("b"))
    late.arrive()
    assert late.refused == 3
    assert bench.names() == ["b"]


def test_another_writer_on_top_does_not_hide_that_it_happened(bench: Bench) -> None:
    bench.commit(bench.create("a"))
    bench.database.script += [lost_after, after(bench.race(bench.raise_version("a")))]
    committed = bench.commit(bench.raise_version("a"))
    assert committed.result == 2
    assert [entry.version for entry in bench.entries()] == [1, 2, 3]


def test_another_writer_instead_makes_it_decide_again(bench: Bench) -> None:
    bench.commit(bench.create("a"))
    bench.database.script += [lost_before, after(bench.race(bench.raise_version("a")))]
    committed = bench.commit(bench.raise_version("a"))
    assert committed.result == 3
    assert [entry.version for entry in bench.entries()] == [1, 2, 3]
    assert len(set(bench.database.tokens)) == 3, "what is decided again is another try"


@pytest.mark.parametrize("step", [lost_before, lost_after, happens, conflicts])
def test_many_in_one_transaction_share_its_fate(bench: Bench, step: Step) -> None:
    bench.database.script.append(step)
    names = [f"n{number:02}" for number in range(20)]
    assert bench.commit_all([bench.create(name) for name in names]) == names
    assert bench.names() == names
