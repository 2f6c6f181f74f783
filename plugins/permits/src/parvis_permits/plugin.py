"""What this plugin adds to Parvis: permits to build, occupy, put up a sign, hold an event, and fell trees."""

from collections.abc import Sequence

from parvis_permits.construction.permit import CONSTRUCTION
from parvis_permits.event import EVENT
from parvis_permits.felling.certificate import TREE_FELLING
from parvis_permits.occupation.permit import OCCUPATION
from parvis_permits.sign import SIGN
from parvis_sdk.hooks import hookimpl
from parvis_sdk.request_types import RequestType


@hookimpl
def request_types() -> Sequence[RequestType]:
    return [CONSTRUCTION, OCCUPATION, SIGN, EVENT, TREE_FELLING]
