"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="public_requests",
    title=Text(fr="Requêtes publiques", en="Public requests"),
    summary=Text(
        fr="Une liste, une carte et des flux montrent à tous les requêtes publiques. Toute "
        "personne peut signaler une page publique au personnel.",
        en="A list, a map and feeds show public requests to everyone. Anyone can report a public "
        "page to municipal staff.",
    ),
    host=">=0.1,<0.2",
    tables="parvis_public_requests.tables",
    steps="parvis_public_requests.migrations",
    personal="parvis_public_requests.personal",
    heard="parvis_public_requests.heard",
    portal="parvis_public_requests.portal",
    desk="parvis_public_requests.desk",
    api="parvis_public_requests.api",
)
