"""What browsers may do with the pages: the strictest policy under which they work (the browser tests prove it)."""

from collections.abc import Sequence
from typing import Final

from flask import Flask, Response


def _content(origins: Sequence[str] = ()) -> str:
    """Writes the policy; `origins` are where the object store serves files, and takes them."""
    files = " ".join(["'self'", *origins])
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src {files}",
            f"media-src {files}",
            f"frame-src {files}",
            f"connect-src {files}",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        ]
    )


HEADERS: Final = {
    "Content-Security-Policy": _content(),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def register_policy(app: Flask, origins: Sequence[str] = ()) -> None:
    """Sends the policy with every answer; pages may use files of the object store's `origins`."""
    headers = {**HEADERS, "Content-Security-Policy": _content(origins)}

    @app.after_request
    def add_policy(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response
