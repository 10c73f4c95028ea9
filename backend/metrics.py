"""What operators see of a running server, for Prometheus: counts, durations, and how far readers are behind."""

import time
from datetime import UTC, datetime
from typing import Any, Final

from flask import Blueprint, Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from backend.domain.changes import Change

_LAGS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60)


class Metrics:
    """Counts in a registry of its own: two servers in one process share nothing."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = self._counter(
            "requests", "Requests by what they asked and what they got", "method", "route", "status"
        )
        self._seconds = self._histogram("request_seconds", "How long requests took", "method", "route")
        self._problems = self._counter("problems", "Errors that clients were told, by code", "code")
        self._writes = self._counter("writes", "Entries of the log that this process wrote", "type", "op")
        self._sent = self._counter("relayed", "Entries that were sent into rooms", "type", "op")
        self._lag = self._histogram("relay_lag_seconds", "From the commit of an entry to its sending")
        self._heads = Gauge(
            "dayroom_head_seq", "The newest entry sent of each followed log", ["log"], registry=self._registry
        )
        self._joins = self._counter("joins", "Rooms joined: recovered, or why not", "outcome")
        self._calls = self._counter(
            "dynamodb_calls", "Calls of DynamoDB by what became of them", "operation", "outcome"
        )
        self._capacity = self._counter("dynamodb_capacity_units", "Consumed capacity", "operation")
        self._thumbnails = self._counter("thumbnails", "Thumbnails by what became of them", "outcome")
        self._fetched = self._counter("cache_fetched_bytes", "What was copied from the object store into the cache")
        self._dropped = self._counter("backlog_drops", "Members that did not read, and were cut")

    def committed(self, change: Change) -> None:
        """Counts an entry that was written here."""
        self._writes.labels(change.type, change.op).inc()

    def relayed(self, change: Change) -> None:
        """Counts an entry that was sent into its room, and how long after its commit."""
        self._sent.labels(change.type, change.op).inc()
        self._lag.observe(max(0.0, (datetime.now(UTC) - datetime.fromisoformat(change.at)).total_seconds()))
        self._heads.labels(change.log).set(change.seq)

    def joined(self, outcome: str) -> None:
        """Counts a join: `recovered`, or the reason why it was not."""
        self._joins.labels(outcome).inc()

    def dropped(self) -> None:
        """Counts a member that was cut because it did not read."""
        self._dropped.inc()

    def called_dynamodb(self, operation: str, outcome: str, units: float) -> None:
        """Counts a call of DynamoDB: `ok`, or the code of its error."""
        self._calls.labels(operation, outcome).inc()
        self._capacity.labels(operation).inc(units)

    def thumbnail(self, outcome: str) -> None:
        """Counts a thumbnail: `ready` or `failed`."""
        self._thumbnails.labels(outcome).inc()

    def fetched(self, size: int) -> None:
        """Counts the bytes of an object that was copied into the cache."""
        self._fetched.inc(size)

    def refused(self, code: str) -> None:
        """Counts an error that a client was told."""
        self._problems.labels(code).inc()

    def watch(self, app: Flask) -> None:
        """Counts an application's requests by their route, never by their address, and serves `/metrics`."""
        app.before_request(_begin)
        app.after_request(self._end)
        app.register_blueprint(self._blueprint())

    def _end(self, response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "none"
        self._requests.labels(request.method, route, response.status_code).inc()
        self._seconds.labels(request.method, route).observe(time.perf_counter() - g.get("begun", time.perf_counter()))
        return response

    def _blueprint(self) -> Blueprint:
        metrics = Blueprint("metrics", __name__)

        @metrics.get("/metrics")
        def show() -> Response:
            """Shows everything in Prometheus' text format."""
            return Response(generate_latest(self._registry), content_type=CONTENT_TYPE_LATEST)

        return metrics

    def _counter(self, name: str, meaning: str, *labels: str) -> Any:
        return Counter(f"dayroom_{name}", meaning, labels, registry=self._registry)

    def _histogram(self, name: str, meaning: str, *labels: str) -> Any:
        return Histogram(f"dayroom_{name}", meaning, labels, registry=self._registry, buckets=_LAGS)


def _begin() -> None:
    g.begun = time.perf_counter()
