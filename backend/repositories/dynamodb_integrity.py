"""Looks at each of DynamoDB's answers before it is believed: botocore takes half of one for an empty one.

An empty answer would mean "no such item". Source: Amazon DynamoDB Developer Guide, "DynamoDB low-level API",
`x-amz-crc32`.
"""

import json
import zlib
from collections.abc import Mapping
from typing import Any

from backend.repositories.dynamodb_errors import DamagedAnswer


def refuse_damage(response_dict: Mapping[str, Any], **_: Any) -> None:
    """Raises `DamagedAnswer` for an answer that is cut, changed, or no JSON; botocore calls this before it parses."""
    headers, body = response_dict["headers"], response_dict["body"]
    length, checksum = headers.get("content-length"), headers.get("x-amz-crc32")
    if length is not None and int(length) != len(body):
        raise DamagedAnswer(error=f"{len(body)} bytes of {length}")
    if checksum is not None and int(checksum) != zlib.crc32(body):
        raise DamagedAnswer(error="its checksum is another")
    if response_dict["status_code"] >= 300:
        refuse_other_json(body)
    elif not (body.startswith(b"{") and body.endswith(b"}")):
        raise DamagedAnswer(error="it is no JSON object")


def refuse_other_json(body: bytes) -> None:
    """Raises `DamagedAnswer` where an error is JSON but no object; a gateway's page of HTML is well understood."""
    try:
        parsed = json.loads(body)
    except ValueError:
        return
    if not isinstance(parsed, dict):
        raise DamagedAnswer(error="it is no JSON object")
