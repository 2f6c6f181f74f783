"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="prometheus",
    title=Text(fr="Mesures Prometheus", en="Prometheus metrics"),
    summary=Text(
        fr="Donne les mesures de l’installation à un outil de surveillance, à l’adresse /metrics.",
        en="Gives the metrics of the installation to a monitoring tool, at /metrics.",
    ),
    host=">=0.1,<0.2",
    sign_in="parvis_prometheus.page",  # before every guard, as machines have no session
)
