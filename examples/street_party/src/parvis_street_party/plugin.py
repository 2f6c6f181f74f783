"""The hooks of the plugin."""

from collections.abc import Sequence

from parvis_sdk.hooks import hookimpl
from parvis_sdk.request_types import RequestType
from parvis_street_party.service import SERVICE


@hookimpl
def request_types() -> Sequence[RequestType]:
    return [SERVICE]
