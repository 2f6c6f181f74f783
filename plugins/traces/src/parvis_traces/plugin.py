"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="traces",
    title=Text(fr="Traces", en="Traces"),
    summary=Text(
        fr="Durée de chaque opération, transmise à un collecteur OpenTelemetry sans aucun renseignement personnel.",
        en="Duration of each operation, sent to an OpenTelemetry collector without any personal information.",
    ),
    host=">=0.1,<0.2",
    given="parvis_traces.beginning",
)
