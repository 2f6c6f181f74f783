"""The queue of what belongs to one incident."""

from parvis.i18n import gettext
from parvis.requests.lists.module_figures import ListCondition
from parvis.web.desk.lists.filters import QueueFilter
from parvis_sdk.cleaning import clean

OF_INCIDENT = """id IN (SELECT ir.request FROM incident_request ir JOIN service_request i ON i.id = ir.incident
WHERE i.reference = {} AND ir.state = 'in')"""


def in_incident(reference: str) -> ListCondition:
    """That a request belongs to the incident of that reference."""
    return ListCondition(OF_INCIDENT, (clean(reference),), leads=True)


FILTER = QueueFilter(
    name="incident",
    after="attente",
    narrow=lambda searcher, values: {"conditions": (in_incident(values[0]),)},
    say=lambda here, value: gettext("Incident %(reference)s") % {"reference": value},
)
