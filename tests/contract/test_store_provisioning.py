"""Setting up a bucket: on moto, which knows all; on a server that knows some; on one that drops a rule silently."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
import requests
from click.testing import CliRunner, Result
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from backend.cli.commands import commands
from backend.settings import Settings
from backend.storage.keys import file_key
from backend.storage.s3 import S3Store
from backend.storage.s3_client import make_client
from backend.storage.s3_provision import BucketProvisioner
from backend.storage.s3_signing import S3Signer
from backend.storage.s3_wanted import BucketReport, WantedBucket, server_policy
from tests.components.s3 import REGION, S3Server

ORIGIN = "https://calendar.example"
LINES = 10
"""How many things a bucket is set to, itself included."""


def wanted(**more: Any) -> WantedBucket:
    return WantedBucket(f"files-{uuid4().hex[:12]}", [ORIGIN], **more)


def provision(server: S3Server, bucket: WantedBucket, *, plan: bool = False) -> BucketReport:
    client = make_client(region=REGION, endpoint_url=server.endpoint, session=server.session)
    try:
        return BucketProvisioner(client, bucket, sleep=lambda seconds: None).provision(plan)
    finally:
        client.close()


def test_a_plan_changes_nothing_and_says_what_provisioning_does(moto_server: S3Server) -> None:
    bucket = wanted(lifecycle="deep_archive")
    planned = provision(moto_server, bucket, plan=True)
    assert provision(moto_server, bucket, plan=True) == planned
    assert provision(moto_server, bucket) == planned
    assert len(planned.changed) == LINES
    assert planned.unsupported == ()


def test_provisioning_again_changes_nothing(moto_server: S3Server) -> None:
    bucket = wanted(lifecycle="glacier_ir")
    assert provision(moto_server, bucket).changed
    assert provision(moto_server, bucket) == BucketReport()
    assert provision(moto_server, bucket, plan=True) == BucketReport()


def test_a_bucket_is_set_up_as_s3_understands_it(moto_server: S3Server) -> None:
    bucket = wanted(lifecycle="deep_archive")
    provision(moto_server, bucket)
    client = moto_server.client()
    there = {"Bucket": bucket.name}
    assert client.get_bucket_versioning(**there)["Status"] == "Enabled"
    assert all(client.get_public_access_block(**there)["PublicAccessBlockConfiguration"].values())
    assert client.get_bucket_encryption(**there)["ServerSideEncryptionConfiguration"]["Rules"]
    (cors,) = client.get_bucket_cors(**there)["CORSRules"]
    assert (cors["AllowedOrigins"], cors["AllowedMethods"]) == ([ORIGIN], ["GET", "HEAD", "PUT"])
    assert {"ETag", "x-amz-checksum-sha256"} <= set(cors["ExposeHeaders"])
    rules = {rule["ID"]: rule for rule in client.get_bucket_lifecycle_configuration(**there)["Rules"]}
    assert rules["dayroom-incomplete"]["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 2}
    assert rules["dayroom-noncurrent"]["NoncurrentVersionExpiration"]["NoncurrentDays"] == 30
    assert rules["dayroom-incoming"]["Filter"] == {"Prefix": "incoming/"}
    assert rules["dayroom-archive"]["Filter"] == {"Prefix": "files/"}
    moved = [(each["Days"], each["StorageClass"]) for each in rules["dayroom-archive"]["Transitions"]]
    assert moved == [(30, "GLACIER_IR"), (90, "DEEP_ARCHIVE")]
    client.close()


def test_what_settings_change_is_changed_and_what_others_set_stays(moto_server: S3Server) -> None:
    bucket = wanted(lifecycle="deep_archive")
    provision(moto_server, bucket)
    client = moto_server.client()
    others: Any = {"ID": "logs", "Status": "Enabled", "Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 7}}
    rules: Any = client.get_bucket_lifecycle_configuration(Bucket=bucket.name)["Rules"]
    client.put_bucket_lifecycle_configuration(Bucket=bucket.name, LifecycleConfiguration={"Rules": [*rules, others]})
    client.put_bucket_versioning(Bucket=bucket.name, VersioningConfiguration={"Status": "Suspended"})
    changed = provision(moto_server, replace(bucket, lifecycle="none", origins=["https://other.example"]))
    assert changed.changed == (
        "keep old versions (versioning)",
        "let pages of https://other.example use it (CORS)",
        "lifecycle: archive nothing any more",
    )
    names = {rule["ID"] for rule in client.get_bucket_lifecycle_configuration(Bucket=bucket.name)["Rules"]}
    assert names == {"logs", "dayroom-incomplete", "dayroom-noncurrent", "dayroom-markers", "dayroom-incoming"}
    client.close()


def test_a_bucket_is_copied_to_another_region(moto_server: S3Server) -> None:
    target = moto_server.make_bucket()
    client = moto_server.client()
    client.put_bucket_versioning(Bucket=target, VersioningConfiguration={"Status": "Enabled"})
    bucket = wanted(replicate_to=target, replication_role="arn:aws:iam::123456789012:role/copies")
    report = provision(moto_server, bucket)
    # moto turns the copying of deletions off, whatever it is asked; so this is tried, too.
    line = f"copy every file to arn:aws:s3:::{target} (replication)"
    assert report.unsupported == (f"{line}: accepted, but not kept",)
    found = client.get_bucket_replication(Bucket=bucket.name)["ReplicationConfiguration"]
    assert (found["Role"], found["Rules"][0]["Destination"]["Bucket"]) == (
        bucket.replication_role,
        f"arn:aws:s3:::{target}",
    )
    client.close()


def test_what_a_compatible_server_does_not_know_is_said(s3_server: S3Server) -> None:
    bucket = wanted(lifecycle="deep_archive")
    report = provision(s3_server, bucket)
    assert report.changed[0] == f"create bucket {bucket.name}"
    assert "keep old versions (versioning)" in report.changed
    assert f"let pages of {ORIGIN} use it (CORS)" in report.changed
    assert "block public access: not known" in report.unsupported
    # It has no key to encrypt with: it accepts the setting, and then no object any more.
    assert "encrypt what is stored (SSE-S3): nothing can be written then; taken back" in report.unsupported
    assert any(line.startswith("lifecycle: move files to GLACIER_IR") for line in report.unsupported)
    assert len(report.changed) + len(report.unsupported) == LINES
    again = provision(s3_server, bucket)
    assert (again.changed, again.unsupported) == ((), report.unsupported)


@pytest.fixture
def dropping_server(moto_server: S3Server) -> Iterator[S3Server]:
    """Yield a server that takes every lifecycle, and keeps no rule for incomplete uploads."""

    def forward(environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        body = request.get_data()
        if request.method == "PUT" and "lifecycle" in request.args:
            body = re.sub(rb"<AbortIncompleteMultipartUpload>.*?</AbortIncompleteMultipartUpload>", b"", body)
        headers = {
            name: value for name, value in request.headers.items() if name.lower() not in {"host", "content-length"}
        }
        answer = requests.request(
            request.method, moto_server.endpoint + request.full_path, data=body, headers=headers, timeout=10
        )
        kept = {name: value for name, value in answer.headers.items() if name.lower() not in {"content-length", "date"}}
        return Response(answer.content, answer.status_code, kept)(environ, start_response)

    server = make_server("127.0.0.1", 0, forward, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield replace(moto_server, endpoint=f"http://127.0.0.1:{server.port}")
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_rule_that_a_server_drops_without_a_word_is_noticed(dropping_server: S3Server) -> None:
    report = provision(dropping_server, wanted())
    assert report.unsupported == ("lifecycle: free incomplete uploads after 2 days: accepted, but not kept",)
    assert len(report.changed) == LINES - 2  # that one, and there is no archive


def run(*words: str, **settings: Any) -> Result:
    return CliRunner().invoke(commands, words, obj=Settings(**settings))


def test_the_least_policy_is_printed_as_json() -> None:
    said = run("storage", "policy", object_store="s3", s3_bucket="files", aws_region="ap-northeast-2")
    assert said.exit_code == 0
    document = json.loads(said.stdout)
    assert document == server_policy("files", "ap-northeast-2", "none")
    objects, bucket = document["Statement"]
    assert objects["Resource"] == [f"arn:aws:s3:::files/{each}/*" for each in ("files", "thumbnails")]
    assert "s3:RestoreObject" not in objects["Action"]
    assert bucket["Resource"] == ["arn:aws:s3:::files"]
    assert not [action for each in document["Statement"] for action in each["Action"] if "*" in action]


def test_the_policy_for_a_compatible_server_lets_it_be_tried_out() -> None:
    said = run("storage", "policy", object_store="s3", s3_bucket="files", aws_endpoint_url_s3="http://storage:8333")
    resources = json.loads(said.stdout)["Statement"][0]["Resource"]
    assert {"arn:aws:s3:::files/incoming/*", "arn:aws:s3:::files/probes/*"} <= set(resources)


def test_a_page_of_the_server_may_upload_and_read_the_entity_tag(s3_server: S3Server) -> None:
    bucket = wanted()
    provision(s3_server, bucket)
    client = make_client(region=REGION, endpoint_url=s3_server.endpoint, session=s3_server.session)
    store = S3Store(client, bucket.name, S3Signer(client, bucket.name, lambda: datetime.now(UTC)))
    signed = store.sign_put(
        file_key("a1"),
        size=1,
        mime_type="image/png",
        checksum_sha256=sha256(b"x").hexdigest(),
        expires_at=datetime.now(UTC) + timedelta(minutes=1),
    )
    headers = ", ".join(name.lower() for name in signed.headers)
    asked = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": headers}
    for origin, allowed in ((ORIGIN, ORIGIN), ("https://evil.example", None)):
        preflight = requests.options(signed.url, headers={**asked, "Origin": origin}, timeout=10)
        assert preflight.headers.get("Access-Control-Allow-Origin") == allowed
    answer = requests.put(signed.url, data=b"x", headers={**signed.headers, "Origin": ORIGIN}, timeout=10)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "etag" in answer.headers["Access-Control-Expose-Headers"].lower()
    store.close()


def test_the_policy_knows_archives_and_other_partitions() -> None:
    objects, bucket = server_policy("files", "cn-north-1", "deep_archive")["Statement"]
    assert "s3:RestoreObject" in objects["Action"]
    assert bucket["Resource"] == ["arn:aws-cn:s3:::files"]


def test_a_folder_needs_no_policy() -> None:
    assert run("storage", "policy").exit_code == 1


def test_the_command_sets_up_the_bucket_for_the_servers_own_pages(
    moto_server: S3Server, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", moto_server.access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", moto_server.secret_key)
    settings: dict[str, Any] = {
        "data_dir": tmp_path,
        "object_store": "s3",
        "s3_bucket": wanted().name,
        "aws_endpoint_url_s3": moto_server.endpoint,
        "public_url": ORIGIN,
        "cors_origins": ("https://intranet.example",),
    }
    plan = run("provision", "--plan", **settings)
    assert f"would create bucket {settings['s3_bucket']}\n" in plan.output
    assert f"would let pages of {ORIGIN}, https://intranet.example use it (CORS)\n" in plan.output
    assert run("provision", **settings).exit_code == 0
    assert run("provision", **settings).output == "nothing to change\n"


def test_a_store_that_is_away_is_one_line(tmp_path: Any, free_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    away = f"http://127.0.0.1:{free_port}"
    said = run("provision", data_dir=tmp_path, object_store="s3", s3_bucket="files", aws_endpoint_url_s3=away)
    assert said.exit_code == 1
    assert said.stderr.startswith("dayroom: cannot provision: S3: ")
    assert said.stderr.count("\n") == 1
