from __future__ import annotations

import socket
import sys
from dataclasses import replace
from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from mypy_boto3_dynamodb.type_defs import PutTypeDef
from playwright.sync_api import Browser

from tests.components import dynamodb_local
from tests.components.ports import accepts, wait_until_accepting
from tests.components.s3 import S3Server


def test_a_free_port_can_be_listened_on(free_port: int) -> None:
    assert not accepts(free_port)
    with socket.create_server(("127.0.0.1", free_port)):
        assert wait_until_accepting(free_port, seconds=5)


def test_dynamodb_local_writes_in_transactions(dynamodb_endpoint: str) -> None:
    client = boto3.client(
        "dynamodb",
        endpoint_url=dynamodb_endpoint,
        region_name="eu-central-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(connect_timeout=2, read_timeout=10),
    )
    client.create_table(
        TableName="toolchain",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )
    put: PutTypeDef = {
        "TableName": "toolchain",
        "Item": {"id": {"S": "회의"}},
        "ConditionExpression": "attribute_not_exists(id)",
    }
    client.transact_write_items(TransactItems=[{"Put": put}])
    with pytest.raises(client.exceptions.TransactionCanceledException, match="ConditionalCheckFailed"):
        client.transact_write_items(TransactItems=[{"Put": put}])
    assert client.scan(TableName="toolchain")["Items"] == [{"id": {"S": "회의"}}]
    client.delete_table(TableName="toolchain")


def test_a_dynamodb_local_that_does_not_start_says_why(tmp_path: Path) -> None:
    with (
        pytest.raises(dynamodb_local.DynamoDBLocalError, match=r"did not start; it said: unknown option"),
        dynamodb_local.running(Path(sys.executable), tmp_path),
    ):
        pass


def test_the_s3_server_believes_only_whom_it_knows(s3_server: S3Server) -> None:
    bucket = s3_server.make_bucket()
    client = s3_server.client()
    client.put_object(Bucket=bucket, Key="회의록.txt", Body="회의".encode())
    assert client.get_object(Bucket=bucket, Key="회의록.txt")["Body"].read().decode() == "회의"
    stranger = replace(s3_server, secret_key="another").client()
    with pytest.raises(stranger.exceptions.ClientError, match="SignatureDoesNotMatch"):
        stranger.get_object(Bucket=bucket, Key="회의록.txt")
    client.close()
    stranger.close()


def test_chromium_runs_scripts_and_draws_korean(browser: Browser) -> None:
    page = browser.new_page()
    page.goto("data:text/html;charset=utf-8,<title>x</title><button>오후 2:00</button>")
    page.evaluate("document.title = document.querySelector('button').textContent")
    assert page.title() == "오후 2:00"
    assert page.screenshot().startswith(b"\x89PNG")
    page.close()
