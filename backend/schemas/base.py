"""What the schemas have in common: bodies that are read strictly, entities that are shown as they are.

A member's meaning is the domain's (`backend.domain.fields`), which marshmallow is only told; so a fault has the same
code and pointer whether a request, a sync client or the migration brought it.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from marshmallow import EXCLUDE, RAISE, Schema, fields, pre_load
from marshmallow.validate import Range

from backend.domain.errors import Invalid
from backend.domain.fields import Reader
from backend.schemas.errors import coded

COLOR: Final = "`#RRGGBB`, or the short form `#RGB`; kept as `#rrggbb`"
COLOR_PATTERN: Final = "^#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$"

_MEMBER_MESSAGES: Final[dict[str, str | list[Any] | dict[Any, Any]]] = {
    "required": "required: is required",
    "null": "required: is required and cannot be null",
}
_BODY_MESSAGES: Final = {
    "type": "type: must be an object",
    "unknown": "unknown: is not a member that can be sent",
}


class Text(fields.String):
    """Is a string whose meaning a reader of the domain knows."""

    def __init__(self, reader: Reader, **kwargs: Any) -> None:
        super().__init__(error_messages=_MEMBER_MESSAGES, **kwargs)
        self.reader = reader

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        try:
            return self.reader(value)
        except Invalid as invalid:
            raise coded(invalid) from None


class Number(fields.Integer):
    """Is a whole number whose meaning a reader of the domain knows."""

    def __init__(self, reader: Reader, **kwargs: Any) -> None:
        super().__init__(error_messages=_MEMBER_MESSAGES, **kwargs)
        self.reader = reader

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        try:
            return self.reader(value)
        except Invalid as invalid:
            raise coded(invalid) from None


class Texts(fields.List[str]):
    """Is a list of strings whose meaning a reader of the domain knows."""

    def __init__(self, reader: Reader, item: fields.String, **kwargs: Any) -> None:
        super().__init__(item, error_messages=_MEMBER_MESSAGES, **kwargs)
        self.reader = reader

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        try:
            return self.reader(value)
        except Invalid as invalid:
            raise coded(invalid) from None


class Body(Schema):
    """Is the body of a request: unknown members are refused by name, read-only ones may come back and are dropped."""

    class Meta:
        """Refuses unknown members, also in the OpenAPI document."""

        unknown = RAISE

    IGNORED: ClassVar[tuple[str, ...]] = ()
    error_messages = _BODY_MESSAGES

    @pre_load
    def drop_ignored(self, data: Any, **kwargs: Any) -> Any:
        """Drops what programs merely send back as they received it."""
        if not isinstance(data, Mapping):
            return data
        return {name: value for name, value in data.items() if name not in self.IGNORED}


def base_version() -> fields.Integer:
    """Is the version that an edit was made of: it asks for a merge with what others changed since."""
    about = "The version that this edit was made of: asks for a merge, member by member, with what came after it"
    return fields.Integer(
        strict=True,
        validate=Range(min=1, error="range: must be at least 1"),
        error_messages={"invalid": "type: must be a whole number", "null": "required: cannot be null"},
        metadata={"minimum": 1, "description": about},
    )


def merged() -> fields.Dict:
    """Is how an edit was merged."""
    return fields.Dict(metadata={"description": "`{base_version, kept, applied}`, where `base_version` was sent"})


class Query(Schema):
    """Is the query string of a request; parameters that are unknown are passed over."""

    class Meta:
        """Passes over unknown parameters."""

        unknown = EXCLUDE


class Shown(Schema):
    """Is what is sent. The domain's entities are exactly what is shown, so they are not copied member by member.

    That a schema declares what is really sent is a matter for the tests.
    """

    class Meta:
        """Leaves room for members that come later, also in the OpenAPI document."""

        unknown = EXCLUDE

    SOMETIMES: ClassVar[frozenset[str]] = frozenset()
    """The members that are not always there; all others are required in the OpenAPI document."""

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Declares a member as always there."""
        field_obj.required = field_name not in self.SOMETIMES

    def dump(self, obj: Any, *, many: bool | None = None) -> Any:
        """Passes an entity, or a list of them, through."""
        return obj
