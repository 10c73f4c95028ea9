"""Which names the server goes by, and whose pages may use it."""

from socket import gethostname
from urllib.parse import urlsplit

from flask import Flask
from flask_cors import CORS

from backend.settings import Settings


def allow_origins(app: Flask, settings: Settings) -> None:
    """Lets the pages of `CORS_ORIGINS` use the API, and read the headers that clients need."""
    if settings.cors_origins:
        exposed = [
            "Accept-Ranges",
            "Content-Disposition",
            "Content-Range",
            "ETag",
            "Link",
            "Location",
            "Retry-After",
            "X-Position",
            "X-Request-Id",
            "Idempotency-Replayed",
        ]
        CORS(app, origins=list(settings.cors_origins), expose_headers=exposed, max_age=600)


def writing_origins(settings: Settings) -> list[str]:
    """Lists the origins, beside the server's own, whose pages may write."""
    public = urlsplit(settings.public_url or "")
    return [*settings.cors_origins, *([f"{public.scheme}://{public.netloc}"] if public.netloc else [])]


def hosts(settings: Settings) -> list[str]:
    """Lists the names that the server goes by."""
    public = urlsplit(settings.public_url or "").hostname
    own = ("localhost", settings.host.lower(), gethostname().lower(), *settings.allowed_hosts)
    return [*own, public] if public else list(own)
