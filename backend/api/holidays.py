"""REST for public holidays: nobody's entities, the same for everyone, and kept by browsers for a day."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Response, jsonify, request

from backend.api.operations import Resource
from backend.schemas.holidays import CountryRead, HolidayQuery, HolidayRead
from backend.services.holidays import HolidayService


def holidays_blueprint(holidays: HolidayService) -> Resource:
    """Declares the routes of public holidays."""
    api = Resource("holidays", __name__, description="Public holidays, by country")

    @api.operation("GET", "/api/holidays", query=HolidayQuery, answer=HolidayRead(many=True))
    def list_holidays(query: Mapping[str, Any]) -> Response:
        """Lists the public holidays of a country, substitute holidays too, by date."""
        first, last = date.fromisoformat(query["from"]), date.fromisoformat(query["to"])
        return _kept(holidays.list(query["country"], query["language"], first, last))

    @api.operation("GET", "/api/holidays/countries", answer=CountryRead(many=True))
    def list_holiday_countries() -> Response:
        """Lists the countries whose public holidays are known."""
        return _kept([{"code": code} for code in holidays.countries()])

    return api


def _kept(found: list[dict[str, Any]]) -> Response:
    """Answers with a list that only a new version of the server changes; 304 where the client has it."""
    response = jsonify(found)
    response.headers["Cache-Control"] = "public, max-age=86400"
    response.add_etag()
    response.make_conditional(request)
    return response
