"""The categories within a type, as words."""

from parvis.i18n import say
from parvis.requests.offered import types_of
from parvis.web.desk.context import DeskContext
from parvis_sdk.fields import OneOf
from parvis_sdk.request_types import RequestType


def category_titles(request_type: RequestType) -> dict[str, str]:
    """The title of each category by its code, in the order of the form; none where the type counts by none."""
    field = request_type.form.field(request_type.category) if request_type.category else None
    return {option.code: say(option.label) for option in field.options} if isinstance(field, OneOf) else {}


def category_title(room: DeskContext, code: str) -> str:
    """The title of a category, whichever type it is of; its code where no type knows it."""
    known = (category_titles(request_type) for request_type in types_of(room.host, room.town))
    return next((titles[code] for titles in known if code in titles), code)
