"""The configurations of a bucket, one by one: how each is read and written, and which of its rules are ours."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from backend.storage import s3_wanted
from backend.storage.s3_wanted import OURS, Rule, WantedBucket

_ARCHIVE: Final = f"{OURS}-archive"


@dataclass(frozen=True, slots=True)
class Item:
    """Is one thing that a bucket should have: a line that says it, and whether it is in what was read."""

    line: str
    is_there: Callable[[Mapping[str, Any]], bool]
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class Configuration:
    """Is what one request reads and another writes, whole; `request` writes these items beside what is not ours."""

    read: str
    write: str
    items: Sequence[Item]
    request: Callable[[Mapping[str, Any], Sequence[Item]], Rule]
    undo: str | None = None
    """Takes it back, where a server accepts it and then fails over every write."""


def configurations(wanted: WantedBucket, region: str) -> list[Configuration]:
    """Lists everything that the bucket should be set to."""
    replicated = s3_wanted.replication(wanted, s3_wanted.partition_of(region))
    return [
        _versioning(),
        _encryption(),
        _public_access(),
        _cors(s3_wanted.cors_rule(wanted)),
        _lifecycle(wanted),
        *([] if replicated is None else [_replication(replicated)]),
    ]


def _versioning() -> Configuration:
    item = Item("keep old versions (versioning)", lambda found: found.get("Status") == "Enabled")
    request: Rule = {"VersioningConfiguration": {"Status": "Enabled"}}
    return Configuration("get_bucket_versioning", "put_bucket_versioning", [item], lambda found, items: request)


def _encryption() -> Configuration:
    name = "ServerSideEncryptionConfiguration"
    item = Item("encrypt what is stored (SSE-S3)", lambda found: bool(found.get(name, {}).get("Rules")))
    request = {name: s3_wanted.encryption()}
    read, write, undo = "get_bucket_encryption", "put_bucket_encryption", "delete_bucket_encryption"
    return Configuration(read, write, [item], lambda found, items: request, undo)


def _public_access() -> Configuration:
    request = {"PublicAccessBlockConfiguration": s3_wanted.public_access_block()}
    item = Item("block public access", lambda found: _same(found, request))
    return Configuration("get_public_access_block", "put_public_access_block", [item], lambda found, items: request)


def _cors(rule: Rule) -> Configuration:
    line = f"let pages of {', '.join(rule['AllowedOrigins'])} use it (CORS)"
    item = Item(line, lambda found: _has(found.get("CORSRules", []), rule))

    def request(found: Mapping[str, Any], items: Sequence[Item]) -> Rule:
        return {"CORSConfiguration": {"CORSRules": [*_others(found.get("CORSRules", [])), rule]}}

    return Configuration("get_bucket_cors", "put_bucket_cors", [item], request)


def _lifecycle(wanted: WantedBucket) -> Configuration:
    rules = s3_wanted.lifecycle_rules(wanted)
    items = [_lifecycle_item(rule) for rule in rules]
    if wanted.lifecycle == "none":
        items.append(Item("lifecycle: archive nothing any more", lambda found: not _names(found) & {_ARCHIVE}))

    def request(found: Mapping[str, Any], items: Sequence[Item]) -> Rule:
        ours = [each.rule for each in items if each.rule]
        return {"LifecycleConfiguration": {"Rules": [*_others(found.get("Rules", [])), *ours]}}

    read, write = "get_bucket_lifecycle_configuration", "put_bucket_lifecycle_configuration"
    return Configuration(read, write, items, request)


def _lifecycle_item(rule: Rule) -> Item:
    line = f"lifecycle: {_LINES[rule['ID']].format(days=_days(rule))}"
    return Item(line, lambda found: _has(found.get("Rules", []), rule), rule)


def _names(found: Mapping[str, Any]) -> set[str]:
    return {str(rule.get("ID")) for rule in found.get("Rules", [])}


def _replication(wanted: Rule) -> Configuration:
    name, rule = "ReplicationConfiguration", wanted["Rules"][0]
    line = f"copy every file to {rule['Destination']['Bucket']} (replication)"
    item = Item(line, lambda found: _has(found.get(name, {}).get("Rules", []), rule))

    def request(found: Mapping[str, Any], items: Sequence[Item]) -> Rule:
        return {name: {**wanted, "Rules": [*_others(found.get(name, {}).get("Rules", [])), rule]}}

    return Configuration("get_bucket_replication", "put_bucket_replication", [item], request)


_LINES: Final = {
    f"{OURS}-incomplete": "free incomplete uploads after {days} days",
    f"{OURS}-noncurrent": "remove old versions after {days} days",
    f"{OURS}-markers": "remove the markers of deleted files with nothing behind them",
    f"{OURS}-incoming": "remove uploads that were never taken in after {days} days",
    f"{OURS}-archive": "move files to {days}",
}


def _days(rule: Rule) -> str:
    """Says after how many days a rule acts."""
    if "Transitions" in rule:
        return ", ".join(f"{each['StorageClass']} after {each['Days']} days" for each in rule["Transitions"])
    numbers = [value for action in rule.values() if isinstance(action, dict) for value in action.values()]
    return str(next((number for number in numbers if isinstance(number, int)), 0))


def _has(rules: list[Rule], wanted: Rule) -> bool:
    """Tells whether a rule is there and says at least what is wanted."""
    found = next((rule for rule in rules if rule.get("ID") == wanted["ID"]), None)
    return found is not None and all(_same(found.get(name), value) for name, value in wanted.items())


def _same(found: Any, wanted: Any) -> bool:
    """Compares as far as something is wanted; the order of lists, and an empty prefix, do not matter."""
    if isinstance(wanted, dict):
        return all(_same((found or {}).get(name), value) for name, value in wanted.items())
    if isinstance(wanted, list) and isinstance(found, list):
        return sorted(map(_written, found)) == sorted(map(_written, wanted))
    return bool(found == wanted) or (wanted == "" and found is None)


def _written(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def _others(rules: list[Rule]) -> list[Rule]:
    """Lists the rules that are not ours."""
    return [rule for rule in rules if not str(rule.get("ID", "")).startswith(OURS)]
