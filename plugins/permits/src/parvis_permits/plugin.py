"""What this plugin adds to Parvis: building permits and the certificate for felling trees."""

from collections.abc import Sequence

from parvis_permits.construction import CONSTRUCTION
from parvis_permits.tree_felling import TREE_FELLING
from parvis_sdk.hooks import hookimpl
from parvis_sdk.request_types import RequestType


@hookimpl
def request_types() -> Sequence[RequestType]:
    return [CONSTRUCTION, TREE_FELLING]
