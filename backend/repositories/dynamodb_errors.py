"""What botocore raises, in the port's own terms.

Sources: Amazon DynamoDB Developer Guide, "Error handling with DynamoDB"; API reference, `TransactWriteItems`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
    NoRegionError,
    ParamValidationError,
    PartialCredentialsError,
    ProxyConnectionError,
)

from backend.repositories.database import (
    DatabaseError,
    ItemRefused,
    OutcomeUnknown,
    StoreUnavailable,
    TransactionRefused,
)

AwsError: TypeAlias = ClientError | BotoCoreError

AWS_ERRORS: Final = (ClientError, BotoCoreError)

NOT_CONNECTED: Final = (ConnectTimeoutError, EndpointConnectionError, ProxyConnectionError)
NOT_SIGNED: Final = (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError, NoRegionError)

THROTTLED: Final = {
    "ProvisionedThroughputExceededException",
    "ThrottlingException",
    "ThrottlingError",
    "ProvisionedThroughputExceeded",
    "RequestLimitExceeded",
    "Throttling",
    "TooManyRequestsException",
}


class DamagedAnswer(HTTPClientError):
    """Was answered, but not with what DynamoDB sent."""

    fmt = "The answer was damaged on its way: {error}"


def code_of(error: AwsError) -> str:
    """Is the service's own name of an error; empty where the service did not answer."""
    return str(error.response.get("Error", {}).get("Code", "")) if isinstance(error, ClientError) else ""


def is_server_fault(error: AwsError) -> bool:
    """Tells whether the service answered that it failed itself."""
    if not isinstance(error, ClientError):
        return False
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)) >= 500


def did_nothing(error: AwsError) -> bool:
    """Tells whether a failed request certainly changed nothing and may be sent again."""
    return code_of(error) in THROTTLED or isinstance(error, NOT_CONNECTED)


def is_passing(error: AwsError) -> bool:
    """Tells whether a read that failed like this may succeed when it is tried again."""
    return did_nothing(error) or is_server_fault(error) or isinstance(error, HTTPClientError)


def from_read(error: AwsError) -> DatabaseError:
    """Translates the error of a request that changes nothing."""
    return StoreUnavailable(f"DynamoDB: {error}")


def from_transaction(error: AwsError) -> DatabaseError:
    """Translates the error of a transaction; what may have happened all the same is `OutcomeUnknown`."""
    detail = f"DynamoDB: {error}"
    if not isinstance(error, ClientError):
        return from_silence(error, detail)
    match code_of(error):
        case "TransactionCanceledException":
            return from_cancellation(error.response.get("CancellationReasons", []), detail)
        case "TransactionConflictException":
            return TransactionRefused()
        case "TransactionInProgressException":
            return OutcomeUnknown(detail)
        case "ValidationException" | "IdempotentParameterMismatchException" | "SerializationException":
            return ItemRefused(detail)
    if is_server_fault(error) and not did_nothing(error):
        return OutcomeUnknown(detail)
    return StoreUnavailable(detail)


def from_silence(error: BotoCoreError, detail: str) -> DatabaseError:
    """Translates the error of a transaction that the service did not answer."""
    if isinstance(error, ParamValidationError):
        return ItemRefused(detail)
    if isinstance(error, NOT_CONNECTED + NOT_SIGNED):
        return StoreUnavailable(detail)
    return OutcomeUnknown(detail)


def from_cancellation(reasons: Sequence[Mapping[str, Any]], detail: str) -> DatabaseError:
    """Translates a cancelled transaction, which has one reason an operation (`None` where that one was fine)."""
    codes = [reason.get("Code") for reason in reasons]
    failed = tuple(position for position, code in enumerate(codes) if code == "ConditionalCheckFailed")
    if failed:
        return TransactionRefused(failed)
    if {"ValidationError", "ItemCollectionSizeLimitExceeded"}.intersection(codes):
        return ItemRefused(detail)
    if "TransactionConflict" in codes:
        return TransactionRefused()
    return StoreUnavailable(detail)
