"""One fetching at a time and whole copies only, in one folder of several processes, however they end."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from backend.storage.cache import NotAsDeclared, ObjectCache, TooLargeToCache
from backend.storage.errors import StoreUnavailable
from backend.storage.keys import Key, file_key
from tests.files import cache_worker

KEY = file_key("a")
THREADS = 25


class Origin:
    """Is a store of few objects, which counts how often each was read, and can break off in the middle."""

    def __init__(self, **contents: bytes) -> None:
        self.contents = {file_key(name): body for name, body in contents.items()}
        self.reads: list[Key] = []
        self.breaks = False
        self.between: Callable[[], None] = lambda: None

    @contextmanager
    def read(self, key: Key, first: int = 0, last: int | None = None) -> Iterator[Iterator[bytes]]:
        self.reads.append(key)
        yield self._chunks(self.contents[key])

    def _chunks(self, body: bytes) -> Iterator[bytes]:
        yield body[:10]
        self.between()
        if self.breaks:
            raise StoreUnavailable("the line is down")
        yield body[10:]


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.suffix != ".lock"}


def get(cache: ObjectCache, name: str, size: int = 100) -> bytes:
    with cache.opened(file_key(name), size=size) as path:
        return path.read_bytes()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


class Workers:
    """Are two processes on one folder, and what happened there."""

    def __init__(self, folder: Path) -> None:
        self.origin, self.cache = folder / "origin", folder / "cache"
        (self.origin / "files").mkdir(parents=True)
        self.body = os.urandom(20 * cache_worker.CHUNK)
        (self.origin / KEY.text).write_bytes(self.body)
        words = [cache_worker.__file__, self.origin, self.cache, KEY, THREADS]
        self.processes = [
            subprocess.Popen(
                [sys.executable, *map(str, words)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            for _ in range(2)
        ]
        self.partial: list[int] = []

    def begin(self) -> None:
        for process in self.processes:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
        for process in self.processes:
            assert process.stdin
            process.stdin.write("go\n")
            process.stdin.flush()

    def fetchers(self) -> list[int]:
        log = self.origin / "fetches"
        return [int(line) for line in log.read_text().split()] if log.exists() else []

    def kill_in_the_middle(self) -> subprocess.Popen[str]:
        """Kill who fetches, once half of the object must be there, and give who is left."""
        while not self.fetchers():
            time.sleep(0.002)
        time.sleep(0.1)  # of 0.2 s that fetching takes
        (victim,) = [process for process in self.processes if process.pid == self.fetchers()[0]]
        victim.kill()
        victim.communicate()
        (survivor,) = [process for process in self.processes if process is not victim]
        return survivor

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Look all the time whether the copy is ever there in part."""
        over = threading.Event()

        def look() -> None:
            while not over.wait(0.001):
                copy = self.cache / KEY.text.replace("/", "+")
                if copy.exists() and copy.read_bytes() != self.body:
                    self.partial.append(copy.stat().st_size)

        watcher = threading.Thread(target=look)
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()
            for process in self.processes:
                process.kill()
                process.communicate()

    def check(self, process: subprocess.Popen[str]) -> None:
        said, _ = process.communicate(timeout=30)
        assert said.split() == [hashlib.sha256(self.body).hexdigest()] * THREADS


def test_two_processes_that_ask_50_times_at_once_fetch_once(tmp_path: Path) -> None:
    workers = Workers(tmp_path)
    with workers.watched():
        workers.begin()
        for process in workers.processes:
            workers.check(process)
    assert len(workers.fetchers()) == 1
    assert workers.partial == []
    assert names(workers.cache) == {"files+a"}


def test_when_one_of_two_processes_is_killed_while_it_fetches_the_other_fetches_once_and_at_once(
    tmp_path: Path,
) -> None:
    workers = Workers(tmp_path)
    with workers.watched():
        workers.begin()
        survivor = workers.kill_in_the_middle()
        begun = time.monotonic()
        workers.check(survivor)
        assert time.monotonic() - begun < 20, "a lock is not to outlive who held it"
    assert workers.fetchers() == [workers.fetchers()[0], survivor.pid]
    assert workers.partial == []
    assert names(workers.cache) == {"files+a"}, "what was fetched in part is gone"


def test_a_broken_line_leaves_nothing_and_the_next_fetches_again(folder: Path) -> None:
    origin = Origin(a=bytes(100))
    cache = ObjectCache(origin, folder, 1000)
    origin.breaks = True
    with pytest.raises(StoreUnavailable):
        get(cache, "a")
    assert [path.name for path in folder.iterdir()] == ["room.lock"]
    origin.breaks = False
    assert get(cache, "a") == get(cache, "a") == bytes(100)
    assert len(origin.reads) == 2


@pytest.mark.parametrize("wrong", [{"size": 99}, {"size": 101}, {"size": 100, "checksum_sha256": "0" * 64}])
def test_what_is_not_what_was_declared_is_refused_and_not_kept(folder: Path, wrong: dict) -> None:
    cache = ObjectCache(Origin(a=bytes(100)), folder, 1000)
    with pytest.raises(NotAsDeclared), cache.opened(KEY, **wrong):
        raise AssertionError
    assert names(folder) == set()


def test_a_copy_that_a_crash_of_the_disk_has_cut_is_fetched_again(folder: Path) -> None:
    cache = ObjectCache(Origin(a=bytes(100)), folder, 1000)
    get(cache, "a")
    os.truncate(folder / "files+a", 7)
    assert get(cache, "a") == bytes(100)


def test_the_least_recently_used_goes_first_and_the_bound_holds(folder: Path) -> None:
    origin = Origin(**{name: bytes(100) for name in "abcdef"})
    cache = ObjectCache(origin, folder, 300)
    for number, name in enumerate("abca"):
        get(cache, name)
        os.utime(folder / f"files+{name}", (number, number))
    get(cache, "d")
    assert names(folder) == {"files+a", "files+c", "files+d"}
    for name in "ef":
        get(cache, name)
    assert names(folder) == {"files+d", "files+e", "files+f"}
    assert len(list(folder.glob("*.lock"))) == 4, "locks go with their objects"


def test_what_is_being_read_stays_also_where_there_is_no_room(folder: Path) -> None:
    cache = ObjectCache(Origin(**{name: bytes(100) for name in "abc"}), folder, 200)
    other = ObjectCache(Origin(c=bytes(100)), folder, 200)
    with ExitStack() as held:
        first = held.enter_context(cache.opened(file_key("a"), size=100))
        second = held.enter_context(cache.opened(file_key("b"), size=100))
        with pytest.raises(StoreUnavailable, match="full"):
            get(other, "c")
        assert first.read_bytes() == second.read_bytes() == bytes(100)
        cache.forget(file_key("a"))
        assert first.exists()
    assert get(other, "c") == bytes(100)
    cache.forget(file_key("c"), file_key("nothing"))
    assert not (folder / "files+c").exists()


def test_an_object_that_is_larger_than_the_cache_is_not_even_asked_for(folder: Path) -> None:
    origin = Origin(a=bytes(100))
    with pytest.raises(TooLargeToCache), ObjectCache(origin, folder, 99).opened(KEY, size=100):
        raise AssertionError
    assert origin.reads == []


def test_what_is_being_fetched_counts_so_that_two_at_once_do_not_exceed_the_bound(folder: Path) -> None:
    origin = Origin(a=bytes(100), b=bytes(100))
    cache = ObjectCache(origin, folder, 150)
    beside = ObjectCache(Origin(b=bytes(100)), folder, 150)
    seen: list[str] = []

    def meanwhile() -> None:
        try:
            get(beside, "b")
        except StoreUnavailable as error:
            seen.append(str(error))

    origin.between = meanwhile
    assert get(cache, "a") == bytes(100)
    assert len(seen) == 1


def test_while_it_churns_every_reader_sees_the_whole_of_what_it_asked_for(folder: Path) -> None:
    contents = {f"n{number}": bytes([number]) * 1000 for number in range(12)}
    caches = [ObjectCache(Origin(**contents), folder, 8000) for _ in range(2)]

    def read(turn: int) -> None:
        name = f"n{(turn * 5) % 12}"
        assert get(caches[turn % 2], name, 1000) == contents[name]

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(read, range(300)))
    assert sum(path.stat().st_size for path in folder.iterdir()) <= 8000


def test_an_object_that_is_endlessly_larger_than_declared_is_read_no_further_than_that(folder: Path) -> None:
    read = 0

    class Endless(Origin):
        def _chunks(self, body: bytes) -> Iterator[bytes]:
            nonlocal read
            while True:
                read += 1000
                yield bytes(1000)

    cache = ObjectCache(Endless(a=b""), folder, 10_000)
    with pytest.raises(NotAsDeclared), cache.opened(KEY, size=4096):
        raise AssertionError
    assert read == 5000
    assert names(folder) == set()
