"""A certificate with a map on a type that asks for no place, in a template of its own that shows none."""

from parvis_bad.sound import CLOSE, CLOSED, DANGER, FEE, RECEIVED, REFUSE, REPAIR, REPAIRED, lamp, said
from msgspec import structs
from parvis_sdk.document_contents import PlaceMap
from parvis_sdk.documents import Document
from parvis_sdk.hooks import hookimpl
from parvis_sdk.request_types import PlaceRule
from parvis_sdk.starter_kit import form
from parvis_sdk.workflow import Workflow

CERTIFICATE = Document(
    code="repaired",
    title=said("Attestation", "Certificate"),
    kind="certificate",
    number="LAMP-{number}",
    source='#import "parvis.typ": *\n#let paper(it) = head(it)',
    holds=(PlaceMap(code="map", title=said("Plan", "Map")),),
    may_lack=("map",),
)
ISSUE = structs.replace(REPAIR, brings=("document.repaired.issued",))
LAMP = lamp(
    form=form(DANGER),
    place=PlaceRule(need="none"),
    workflow=Workflow(states=(RECEIVED, REPAIRED, CLOSED), transitions=(ISSUE, REFUSE, CLOSE)),
    parts=(FEE, CERTIFICATE),
)


@hookimpl
def request_types():
    return [LAMP]


# kit: parvis_bad/plugin.py:22 · request type 'lamp' · document 'repaired' · the template shows nothing of what the
#     document `holds` · the plugin is left out · call `holds(it)` or `usual(it)` in it
# kit: parvis_bad/plugin.py:22 · request type 'lamp' · document 'repaired' · map · no place is asked, and there is
#     nothing to map · the plugin is left out · ask for a place, or leave out the map
# host: bad (parvis-bad 1.0) · request_types() · parvis_bad/plugin.py:22 · request type 'lamp' · document
#     'repaired' · the template shows nothing of what the document `holds` · the plugin is left out · call `holds(it)`
#     or `usual(it)` in it
# host: bad (parvis-bad 1.0) · request_types() · parvis_bad/plugin.py:22 · request type 'lamp' · document
#     'repaired' · map · no place is asked, and there is nothing to map · the plugin is left out · ask for a place, or
#     leave out the map
