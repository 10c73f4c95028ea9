"""What takes too long for every run: `python -m tests.faults.by_hand`.

10,000 writes through 10 % of each fault, a server that is 30 seconds without its store, and 50 kills on each store.
`endpoint=URL` names a DynamoDB Local that runs.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.components import dynamodb_local
from tests.conftest import servers_in
from tests.faults.proxy import FaultProxy, Faults
from tests.faults.test_kills import assert_survives
from tests.faults.test_store_faults import PROBABILITY, assert_lives_without_a_store, write_through_faults
from toolchain import components

WRITES = 10_000
SECONDS = 30
KILLS = 50


@contextmanager
def endpoint() -> Iterator[str]:
    """Yield the DynamoDB Local that was given, or one of its own."""
    given = [argument.partition("=")[2] for argument in sys.argv[1:] if argument.startswith("endpoint=")]
    if given:
        yield given[0]
        return
    with dynamodb_local.running(components.find_java(), components.dynamodb_local_folder()) as own:
        yield own


def stores(url: str, folder: Path) -> dict[str, dict[str, str]]:
    """Return the settings of a server on each kind of store."""
    access = {"AWS_REGION": "ap-northeast-2", "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
    dynamodb = {"DATABASE": "dynamodb", "AWS_ENDPOINT_URL_DYNAMODB": url, "TABLE_PREFIX": "kills-", **access}
    return {"sqlite": {"DATA_DIR": str(folder / "kills")}, "dynamodb": dynamodb}


def main() -> None:
    """Make both."""
    with endpoint() as url, tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        counts, answers = write_through_faults(url, Faults.all(PROBABILITY), WRITES)
        sys.stderr.write(
            f"{WRITES} writes in {time.monotonic() - began:.0f} s: {dict(answers)}; faults {dict(counts)}\n"
        )
        with FaultProxy(url) as proxy, contextmanager(servers_in)(Path(folder)) as start_server:
            assert_lives_without_a_store(start_server, proxy, SECONDS)
        sys.stderr.write(f"{SECONDS} s without a store, and back\n")
        for name, settings in stores(url, Path(folder)).items():
            with contextmanager(servers_in)(Path(folder)) as start_server:
                assert_survives(start_server(**settings), KILLS)
            sys.stderr.write(f"{KILLS} kills on {name}\n")


if __name__ == "__main__":
    main()
