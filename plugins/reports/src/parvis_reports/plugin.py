"""What this plugin adds to Parvis: eight kinds of report, and the snow operations that residents follow."""

from collections.abc import Sequence

from parvis_reports.fallen_branch import FALLEN_BRANCH
from parvis_reports.graffiti import GRAFFITI
from parvis_reports.illegal_dumping import ILLEGAL_DUMPING
from parvis_reports.missed_collection import MISSED_COLLECTION
from parvis_reports.park_equipment import PARK_EQUIPMENT
from parvis_reports.pothole import POTHOLE
from parvis_reports.snow_operation import SNOW_OPERATION
from parvis_reports.snowy_sidewalk import SNOWY_SIDEWALK
from parvis_reports.street_light import STREET_LIGHT
from parvis_sdk.hooks import hookimpl
from parvis_sdk.request_types import RequestType


@hookimpl
def request_types() -> Sequence[RequestType]:
    return [
        POTHOLE,
        STREET_LIGHT,
        MISSED_COLLECTION,
        GRAFFITI,
        FALLEN_BRANCH,
        SNOWY_SIDEWALK,
        ILLEGAL_DUMPING,
        PARK_EQUIPMENT,
        SNOW_OPERATION,
    ]
