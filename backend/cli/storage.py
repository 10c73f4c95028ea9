"""The commands about the object store, and what setting up a bucket says."""

import json
import sys
from urllib.parse import urlsplit

import click

from backend.settings import Settings
from backend.storage.opening import bucket_of
from backend.storage.s3_wanted import BucketReport, WantedBucket, server_policy


@click.group()
def storage() -> None:
    """Look after the object store: where the files of attachments are."""


@storage.command()
@click.pass_obj
def policy(settings: Settings) -> None:
    """Print the least IAM policy for the server, as JSON.

    It is for OBJECT_STORE=s3, and enough to serve; `provision` needs more rights, once.
    """
    if settings.object_store != "s3" or not settings.s3_bucket:
        click.echo("dayroom: OBJECT_STORE is not s3, and a folder needs no policy", err=True)
        sys.exit(1)
    is_compatible = settings.aws_endpoint_url_s3 is not None
    document = server_policy(
        settings.s3_bucket, settings.aws_region, settings.s3_lifecycle, is_compatible=is_compatible
    )
    click.echo(json.dumps(document, indent=2))


def set_up_bucket(settings: Settings, plan: bool) -> BucketReport:
    """Sets up the bucket that the settings name, if they name one; raises `StorageError`."""
    if settings.object_store != "s3":
        return BucketReport()
    from backend.storage.s3_opening import provision_bucket

    wanted = WantedBucket(
        settings.s3_bucket or "",
        origins=own_origins(settings),
        lifecycle=settings.s3_lifecycle,
        replicate_to=settings.s3_replicate_to,
        replication_role=settings.s3_replication_role,
    )
    return provision_bucket(bucket_of(settings), wanted, plan=plan)


def own_origins(settings: Settings) -> list[str]:
    """Lists where the pages come from that may use the bucket: the server's own, and `CORS_ORIGINS`."""
    public = urlsplit(settings.public_url or "")
    if public.netloc:
        return [f"{public.scheme}://{public.netloc}", *settings.cors_origins]
    hosts = {"localhost", "127.0.0.1", settings.host} - {"0.0.0.0", "::"}
    return [*(f"http://{host}:{settings.port}" for host in sorted(hosts)), *settings.cors_origins]
