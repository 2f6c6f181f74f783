"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="service_status",
    title=Text(fr="État du service", en="Service status"),
    summary=Text(
        fr="Une page publique dit si les requêtes sont reçues, traitées et suivies de messages.",
        en="A public page says whether requests are received, processed and followed by messages.",
    ),
    host=">=0.1,<0.2",
    portal="parvis_service_status.portal",
)
