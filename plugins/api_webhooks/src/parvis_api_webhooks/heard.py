"""What the module answers to the core's hooks: a task of the worker, and webhooks that need a person."""

from parvis.alert_matters import AlertSource, Matter
from parvis.beside_worker import WorkerRound
from parvis.requests.host import Host
from parvis_api_webhooks.endpoints import endpoints_of
from parvis_api_webhooks.rounds import go_on
from parvis_sdk.text import Text

PAUSED = Text(
    fr="webhook «\u00a0{title}\u00a0»\u00a0: en pause, ses livraisons attendent une reprise manuelle",
    en="webhook “{title}”: paused, its deliveries wait until someone resumes it",
)


async def matters(host: Host) -> list[Matter]:
    """One for each that was paused without anybody asking for it."""
    return [
        Matter(key=f"webhook:{each.id}", said=PAUSED.format(title=each.title), page=f"webhooks/{each.id}")
        for each in await endpoints_of()
        if each.state == "paused" and each.why != "asked"
    ]


ROUNDS = WorkerRound(run=go_on)
ALERTS = AlertSource(matters=matters)
