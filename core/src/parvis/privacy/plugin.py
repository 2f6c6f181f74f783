"""The hooks of `privacy`."""

from collections.abc import Sequence

from parvis.privacy.data_request import PERSONAL_INFORMATION
from parvis_sdk.hooks import hookimpl
from parvis_sdk.request_types import RequestType


@hookimpl
def request_types() -> Sequence[RequestType]:
    return [PERSONAL_INFORMATION]
