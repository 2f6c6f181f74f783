"""The hooks of `incidents`."""

from collections.abc import Sequence

from parvis_incidents.declared import INCIDENTS
from parvis_sdk.hooks import hookimpl
from parvis_sdk.request_types import RequestType


@hookimpl
def request_types() -> Sequence[RequestType]:
    return [INCIDENTS]
