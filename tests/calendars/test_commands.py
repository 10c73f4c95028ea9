"""The commands for calendar files, on a calendar that a server may be using."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from backend.cli.commands import commands
from backend.repositories.sqlite import SQLiteDatabase
from backend.settings import Settings
from tests.calendars.files import vcalendar, vevent
from tests.in_process import Api, serving


def run(folder: Path, *words: object) -> Result:
    return CliRunner().invoke(commands, [*map(str, words)], obj=Settings(data_dir=folder))


def serve(folder: Path) -> SQLiteDatabase:
    return SQLiteDatabase(folder / "dayroom.db")


def titles(api: Api, home: str) -> list[str]:
    return sorted(event["title"] for event in api.events(home))


def test_a_file_goes_out_of_one_department_and_into_another(tmp_path: Path) -> None:
    with serving(serve(tmp_path)) as api:
        home, other = api.department("영업부")["id"], api.department("개발부")["id"]
        api.event(home, title="회의", start_time="14:00")
        file = tmp_path / "영업부.ics"
        assert run(tmp_path, "export", "--department", "영업부", "--output", file).exit_code == 0
        rehearsed = run(tmp_path, "import-ics", file, "--department", other, "--dry-run")
        assert (rehearsed.exit_code, titles(api, other)) == (0, [])
        assert "would be: 1 created" in rehearsed.output
        assert "1 created, 0 updated, 0 unchanged" in run(tmp_path, "import-ics", file, "--department", other).output
        assert "0 created, 0 updated, 1 unchanged" in run(tmp_path, "import-ics", file, "--department", other).output
        assert titles(api, other) == ["회의"]
        table = run(tmp_path, "export", "--department", other, "--format", "csv", "--from", "2024-01-15")
        assert "회의,2024-01-15,14:00" in table.output


def test_what_does_not_come_in_is_told_line_by_line(tmp_path: Path) -> None:
    with serving(serve(tmp_path)) as api:
        api.department("영업부")
        file, report = tmp_path / "a.ics", tmp_path / "report.json"
        file.write_text(vcalendar(vevent("SUMMARY:나쁜 것", "RRULE:FREQ=SECONDLY"), vevent("SUMMARY:좋은 것", uid="2")))
        said = run(tmp_path, "import-ics", file, "--department", "영업부", "--report", report)
        assert said.exit_code == 1
        assert "line 4: rejected: 나쁜 것: recurrence/rrule FREQ=SECONDLY is more often than daily" in said.output
        assert json.loads(report.read_text(encoding="utf-8"))["created"] == 1


def test_what_cannot_be_done_is_one_line(tmp_path: Path) -> None:
    with serving(serve(tmp_path)) as api:
        api.department("영업부")
        file = tmp_path / "a.ics"
        file.write_text("hello")
        for words, said in (
            (("import-ics", file, "--department", "없는 부서"), "There is no department"),
            (("import-ics", file, "--department", "영업부"), "The file is no calendar"),
            (("export", "--department", "없는 부서"), "There is no department"),
            (("export", "--department", "영업부", "--from", "morgen"), "must be a date"),
        ):
            result = run(tmp_path, *words)
            assert result.exit_code in (1, 2)
            assert said in result.output + result.stderr
            assert "Traceback" not in result.output
