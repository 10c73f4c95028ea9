"""Fixtures of the tests over REST: a server in this process, on a store in memory and a clock that a test moves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.in_process import Api, Clock, Json, serving


@pytest.fixture
def clock() -> Clock:
    """Return the server's clock."""
    return Clock()


@pytest.fixture
def api(clock: Clock) -> Iterator[Api]:
    """Yield an empty server."""
    with serving(clock=clock) as served:
        yield served


@pytest.fixture
def department(api: Api) -> Json:
    """Return a department of it, in Seoul."""
    return api.department("연구개발팀", timezone="Asia/Seoul")


@pytest.fixture
def home(department: Json) -> str:
    """Return the department's id."""
    return str(department["id"])
