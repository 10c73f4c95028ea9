"""Serves what describes the server: its OpenAPI and AsyncAPI documents, and a page to read them on, offline."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, render_template

from backend.problems import CODES


def documents_blueprint(openapi: Mapping[str, Any], asyncapi: Mapping[str, Any]) -> Blueprint:
    """Declares `/openapi.json`, `/asyncapi.json` and `/docs`."""
    documents = Blueprint("documents", __name__)

    @documents.get("/openapi.json")
    def openapi_json() -> Response:
        """Gives the OpenAPI 3.1 document of every REST route."""
        return jsonify(openapi)

    @documents.get("/asyncapi.json")
    def asyncapi_json() -> Response:
        """Gives the AsyncAPI 3 document of every Socket.IO event."""
        return jsonify(asyncapi)

    @documents.get("/docs")
    def docs() -> str:
        """Shows every route to people, without a line of script."""
        return render_template("docs.html", document=openapi, codes=CODES)

    @documents.get("/docs/problems")
    def problems() -> str:
        """Shows every error code to people."""
        return render_template("problems.html", codes=CODES)

    return documents
