"""Events to test with: one that is usual, and strategies for many that are not."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import strategies as st

from backend.domain import events
from backend.domain.changes import Author
from backend.domain.errors import Invalid

AT = "2024-01-01T00:00:00.000Z"
LATER = "2024-02-02T00:00:00.000Z"
MINA = Author("미나", "phone")
JUN = Author("준", "desktop")

ZONES = ["Asia/Seoul", "UTC", "America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu"]

TRIP = {"event_date": "2024-01-15", "end_date": "2024-01-18"}
NIGHT = {"start_time": "22:00", "end_time": "06:00"}

clocks = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
days = st.dates(date(1950, 1, 1), date(2100, 1, 1)).map(date.isoformat)
words = st.text("오전후시 반0123456789:~pm", max_size=8)
spans: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}),
    st.fixed_dictionaries({"start_time": clocks}),
    st.fixed_dictionaries({"start_time": clocks, "end_time": clocks | st.just("24:00")}),
    st.fixed_dictionaries(
        {"time": st.sampled_from(["오후 2:00", "14:00~15:30", "22:00~06:00", "종일", "미정", "", None])}
    ),
    st.fixed_dictionaries({"time": words, "start_time": clocks, "end_time": st.none() | clocks}),
)
texts = st.fixed_dictionaries(
    {},
    optional={
        "title": st.text("가나다 ab", max_size=5).map(lambda text: f"회의{text}"),
        "event_date": days,
        "end_date": st.none(),
        "timezone": st.sampled_from([*ZONES, None]),
        "description": st.none() | st.text("가ab \n", max_size=5),
        "color": st.sampled_from(["#FFF", "#a1b2c3", None, ""]),
        "tags": st.none() | st.lists(st.text("가a", min_size=1, max_size=2), max_size=4),
    },
)
changes = st.builds(lambda text, span: {**text, **span}, texts, spans)


def created(**fields: Any) -> dict[str, Any]:
    sent = {"title": "회의", "event_date": "2024-01-15", **fields}
    return events.create(sent, id="E", department_id="D", timezone="Asia/Seoul", at=AT, author=MINA)


def updated(event: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return events.update(event, fields, at=LATER, author=JUN, timezone="Asia/Seoul")


def faults(call: Callable[..., Any], *args: Any, **fields: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        call(*args, **fields)
    return {fault.pointer: fault.code for fault in caught.value.errors}


def part(event: dict[str, Any], names: str) -> tuple[Any, ...]:
    return tuple(event[name] for name in names.split())
