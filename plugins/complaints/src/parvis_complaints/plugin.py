"""What this plugin adds to Parvis: three kinds of complaint."""

from collections.abc import Sequence

from parvis_complaints.animal_nuisance import ANIMAL_NUISANCE
from parvis_complaints.noise import NOISE
from parvis_complaints.service_complaint import SERVICE_COMPLAINT
from parvis_sdk.hooks import hookimpl
from parvis_sdk.request_types import RequestType


@hookimpl
def request_types() -> Sequence[RequestType]:
    return [NOISE, ANIMAL_NUISANCE, SERVICE_COMPLAINT]
