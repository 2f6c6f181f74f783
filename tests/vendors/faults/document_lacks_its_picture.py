"""A certificate that shows a photo which nobody has to send, and rows of a question that is no group."""

from parvis_bad.sound import CLOSE, DANGER, FEE, RECEIVED, REFUSE, REPAIR, REPAIRED, CLOSED, lamp, said
from msgspec import structs
from parvis_sdk.document_contents import AnswersTable, Picture
from parvis_sdk.documents import Document
from parvis_sdk.fields import Photo
from parvis_sdk.hooks import hookimpl
from parvis_sdk.starter_kit import form
from parvis_sdk.workflow import Workflow

POLE = Photo(code="pole", label=said("Photo du poteau", "Photo of the pole"), required=False)
CERTIFICATE = Document(
    code="repaired",
    title=said("Attestation", "Certificate"),
    kind="certificate",
    number="LAMP-{number}",
    holds=(
        Picture(
            code="before",
            title=said("Avant", "Before"),
            of="pole",
            alt=said("Le poteau", "The pole"),
        ),
        AnswersTable(
            code="lamps",
            title=said("Lampadaires", "Lights"),
            of="danger",
        ),
    ),
    may_lack=("lamps",),
)
ISSUE = structs.replace(REPAIR, brings=("document.repaired.issued",))
LAMP = lamp(
    form=form(DANGER, POLE),
    workflow=Workflow(states=(RECEIVED, REPAIRED, CLOSED), transitions=(ISSUE, REFUSE, CLOSE)),
    parts=(FEE, CERTIFICATE),
)


@hookimpl
def request_types():
    return [LAMP]


# kit: parvis_bad/plugin.py:34 · request type 'lamp' · document 'repaired' · lamps · 'danger' is no group of
#     questions · the plugin is left out · name a question of the kind `Group`
# kit: parvis_bad/plugin.py:34 · request type 'lamp' · document 'repaired' · 'before' may have nothing to show, and
#     would be missing · the plugin is left out · make sure that there is something, or name 'before' in `may_lack`
# host: bad (parvis-bad 1.0) · request_types() · parvis_bad/plugin.py:34 · request type 'lamp' · document
#     'repaired' · lamps · 'danger' is no group of questions · the plugin is left out · name a question of the kind
#     `Group`
# host: bad (parvis-bad 1.0) · request_types() · parvis_bad/plugin.py:34 · request type 'lamp' · document
#     'repaired' · 'before' may have nothing to show, and would be missing · the plugin is left out · make sure that
#     there is something, or name 'before' in `may_lack`
