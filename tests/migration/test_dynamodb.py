"""The old calendar goes to DynamoDB as it goes to SQLite."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from tests.migration.runs import GOOD, people, run


def test_the_old_calendar_arrives_on_dynamodb_and_a_second_run_changes_nothing(
    legacy: Path, dynamodb_endpoint: str, imported_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "ap-northeast-2"}
    prefix = f"m{uuid4().hex[:8]}_"
    environment = {**keys, "AWS_ENDPOINT_URL_DYNAMODB": dynamodb_endpoint, "TABLE_PREFIX": prefix}
    for name, value in keys.items():
        monkeypatch.setenv(name, value)
    rehearsed = run(tmp_path, legacy / "calendar.db", "--to", "dynamodb", "--dry-run", environment=environment)
    first = run(tmp_path, legacy / "calendar.db", "--to", "dynamodb", environment=environment)
    expected = GOOD | {"created": 2012, "unchanged": 0, "changed_since": 0}
    for each, verified in ((rehearsed, False), (first, True)):
        assert each.report is not None
        assert each.report | {"seconds": 0} == expected | {"verified": verified, "seconds": 0}, each.said
    remote = people(
        tmp_path,
        database="dynamodb",
        table_prefix=prefix,
        aws_region=keys["AWS_REGION"],
        aws_endpoint_url_dynamodb=dynamodb_endpoint,
    )
    with remote as someone, people(imported_once) as other:
        assert someone.everything() == other.everything()
        before = someone.heads()
        second = run(tmp_path, legacy / "json-nested", "--to", "dynamodb", environment=environment)
        assert someone.heads() == before
    assert second.report is not None
    assert (second.report["created"], second.report["unchanged"], second.report["verified"]) == (0, 2012, True)
