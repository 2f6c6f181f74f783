"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="traces",
    title=Text(fr="Traces", en="Traces"),
    summary=Text(
        fr="Chaque opération et sa durée, transmises à un collecteur OpenTelemetry sans aucune donnée personnelle.",
        en="Each operation and how long it takes, sent to an OpenTelemetry collector without any personal data.",
    ),
    host=">=0.1,<0.2",
    given="parvis_traces.beginning",
)
