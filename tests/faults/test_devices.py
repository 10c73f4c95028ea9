"""Two devices that write, sleep, lose answers and come back late: in the end they are equal to the server."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from backend.app import create_app
from backend.repositories.sqlite import SQLiteDatabase
from backend.repositories.tables import CHANGES, GUARDS
from backend.settings import Settings
from tests.in_process import Api, Clock, Json, json_of, uuid
from tests.replica import Gone, Replica, catch_up, take_snapshot

RETENTION = 30
HOMES = [uuid(101), uuid(102)]
LOGS = ["directory", *HOMES]
EVENT = st.integers(1, 5).map(uuid)
TITLE = st.sampled_from(["회의", "발표", "휴가"])
HOME = st.sampled_from(HOMES)
LOG = st.sampled_from(LOGS)
DEVICE = st.integers(0, 1)
LIMITS = st.lists(st.integers(1, 3), max_size=3)


@dataclass
class Mutation:
    """Is a write that a device wants, under the key that it keeps for all its tries."""

    method: str
    path: str
    body: Json | None
    headers: dict[str, str]


@dataclass
class Device:
    """Holds a copy of each log, and what it has not yet been told the outcome of."""

    name: str
    replicas: dict[str, Replica | None] = field(default_factory=lambda: dict.fromkeys(LOGS))
    outbox: list[Mutation] = field(default_factory=list)
    answered: dict[str, tuple[int, Any]] = field(default_factory=dict)
    """What the server said to each key, also where the answer was lost on its way to the device."""
    keys: int = 0

    def want(self, method: str, path: str, body: Json | None = None, **headers: str) -> None:
        self.keys += 1
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        key = {"Idempotency-Key": f"{self.name} {self.keys}", "X-Device-Id": self.name}
        self.outbox.append(Mutation(method, path, body, {**named, **key}))


class Devices(RuleBasedStateMachine):
    """Lets chance decide what happens; after all of it everybody sends, reads, and is compared."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.database = SQLiteDatabase(":memory:")
        self.start()
        self.devices = [Device("phone"), Device("desk")]
        self.old: list[Replica] = []

    def start(self) -> None:
        options = Settings(socketio_async_mode="threading", change_retention_days=RETENTION)
        self.api = Api(create_app(options, database=self.database, clock=self.clock))

    @initialize()
    def begin(self) -> None:
        for home in HOMES:
            self.api.department(f"부서 {home}", id=home)

    # What devices want

    @rule(device=DEVICE, home=HOME, event=EVENT, title=TITLE)
    def create(self, device: int, home: str, event: str, title: str) -> None:
        body = {"id": event, "title": title, "event_date": "2024-01-15"}
        self.devices[device].want("POST", f"/api/events/{home}", body)

    @rule(device=DEVICE, event=EVENT, title=TITLE, how=st.sampled_from(["plain", "If-Match", "base_version"]))
    def edit(self, device: int, event: str, title: str, how: str) -> None:
        version = self.version(self.devices[device], event)
        body: Json = {"title": title, **({"base_version": version} if how == "base_version" and version else {})}
        headers = {"If_Match": f'"{version}"'} if how == "If-Match" and version else {}
        self.devices[device].want("PUT", f"/api/events/{event}", body, **headers)

    def version(self, device: Device, event: str) -> int | None:
        """Is the version of an event that a device knows."""
        copies = [replica for replica in device.replicas.values() if replica is not None]
        return next((copy.entities[event]["version"] for copy in copies if event in copy.entities), None)

    @rule(device=DEVICE, event=EVENT)
    def delete(self, device: int, event: str) -> None:
        self.devices[device].want("DELETE", f"/api/events/{event}")

    @rule(device=DEVICE, event=EVENT, version=st.integers(1, 3) | st.none())
    def restore(self, device: int, event: str, version: int | None) -> None:
        body = {} if version is None else {"version": version}
        self.devices[device].want("POST", f"/api/events/{event}/restore", body)

    @rule(device=DEVICE, event=EVENT, home=HOME)
    def move(self, device: int, event: str, home: str) -> None:
        self.devices[device].want("POST", f"/api/events/{event}/move", {"department_id": home})

    @rule(device=DEVICE, home=HOME, deleting=st.booleans())
    def close_or_reopen(self, device: int, home: str, deleting: bool) -> None:
        method, path = ("DELETE", "") if deleting else ("POST", "/restore")
        self.devices[device].want(method, f"/api/departments/{home}{path}", None if deleting else {})

    # What becomes of it

    @precondition(lambda self: any(device.outbox for device in self.devices))
    @rule(device=DEVICE, count=st.integers(1, 4), lost=st.booleans())
    def send(self, device: int, count: int, lost: bool) -> None:
        """Sends the oldest; an answer that is lost leaves it to be sent again."""
        for _ in range(min(count, len(self.devices[device].outbox))):
            self.send_one(self.devices[device], lost)

    def send_one(self, device: Device, lost: bool = False) -> None:
        wanted = device.outbox[0]
        answer = self.api.call(wanted.method, wanted.path, wanted.body, wanted.headers)
        assert answer.status_code < 500, answer.text
        key = wanted.headers["Idempotency-Key"]
        told = (answer.status_code, json_of(answer) if answer.status_code in {200, 201} else None)
        earlier = device.answered.get(key)
        if earlier is not None and earlier[0] < 300 and answer.headers.get("Idempotency-Replayed"):
            assert told == earlier, "a repeat was answered otherwise"
        device.answered[key] = told
        if not lost:
            device.outbox.pop(0)

    @rule()
    def kill(self) -> None:
        """Starts another server on what the last one left: whatever it only had in mind is gone."""
        self.api.dayroom.relay.stop()
        self.start()

    @rule(days=st.sampled_from([0.01, 1.5, 20, 45]))
    def prune(self, days: float) -> None:
        """Lets time pass; what has expired is removed."""
        self.clock.advance(days=days)
        for table in (CHANGES, GUARDS):
            self.database.sweep(table, int(self.clock.now.timestamp()))

    @rule(device=DEVICE, log=LOG, limits=LIMITS)
    def read(self, device: int, log: str, limits: list[int]) -> None:
        self.read_one(self.devices[device], log, limits)

    @rule(device=DEVICE, log=LOG)
    def reset(self, device: int, log: str) -> None:
        """Forgets a copy, as a browser does whose store was cleared; what it wants to send stays."""
        self.devices[device].replicas[log] = None

    @rule(device=DEVICE, log=LOG)
    def stay_behind(self, device: int, log: str) -> None:
        """Keeps an old copy, to come back with later."""
        replica = self.devices[device].replicas[log]
        if replica is not None:
            self.old.append(replica.copy())

    @precondition(lambda self: self.old)
    @rule(which=st.integers(0, 20))
    def come_back(self, which: int) -> None:
        """Resumes from an old copy: it becomes right, or is told to be replaced; nothing in between."""
        replica = self.old.pop(which % len(self.old))
        if self.is_open(replica.log):
            try:
                catch_up(self.api.ask, replica)
            except Gone:
                return
            self.compare(replica)

    def read_one(self, device: Device, log: str, limits: list[int] | None = None) -> None:
        if not self.is_open(log):
            device.replicas[log] = None
            return
        replica = device.replicas[log]
        try:
            known = take_snapshot(self.api.ask, log, 2 if limits else None) if replica is None else replica
            device.replicas[log] = catch_up(self.api.ask, known, limits or [])
        except Gone as gone:
            assert gone.args[0]["action"] == "replace"
            device.replicas[log] = take_snapshot(self.api.ask, log)

    def is_open(self, log: str) -> bool:
        return self.api.get(f"/api/departments/{log}/changes?since=latest").status_code == 200

    def compare(self, replica: Replica) -> None:
        """Compares a copy with what the server lists."""
        path = "/api/departments" if replica.log == "directory" else f"/api/events/{replica.log}"
        listed = {entity["id"]: entity for entity in json_of(self.api.get(path))}
        assert replica.entities == listed

    def teardown(self) -> None:
        """Lets everybody send and read, and compares."""
        for device in self.devices:
            while device.outbox:
                self.send_one(device)
        for device in self.devices:
            for log in LOGS:
                self.read_one(device, log)
                replica = device.replicas[log]
                if replica is not None:
                    self.compare(replica)
        self.api.dayroom.close()


TestDevices = Devices.TestCase
TestDevices.settings = settings(
    max_examples=12,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
