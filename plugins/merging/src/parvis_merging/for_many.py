"""Several chosen reports of one thing joined to another one: judged, locked and planned, each on its own."""

from parvis.requests.actors import Actor
from parvis.requests.changing import Change, Situation
from parvis.requests.host import Host
from parvis.requests.queue_actions import OfModule, QueueAction
from parvis.requests.records import Record, both_locked, find
from parvis.requests.visibility import Viewer
from parvis_merging.merging import plan_merge
from parvis_merging.weighing import of_another_type, weigh
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

MERGE = "merge"
TITLE = Text(fr="Fusionner les signalements d’un même problème", en="Merge reports of the same problem")
JOIN_TO = Text(fr="Fusionner avec {reference}", en="Merge with {reference}")


def into_of(action: OfModule) -> str:
    """The number of the one that goes on."""
    return str(action.given.get("into", ""))


async def _judge(host: Host, viewer: Viewer, record: Record, action: OfModule) -> Text | None:
    [weighed] = await weigh(host, viewer, (record,), into_of(action))
    return weighed.refused.reason if weighed.refused else None


async def _lock(host: Host, action: OfModule, reference: str) -> None:
    await both_locked(host, reference, into_of(action))


async def _plan(host: Host, viewer: Viewer, actor: Actor, action: OfModule, here: Situation) -> Change | Denied:
    other = await find(host, into_of(action))
    return of_another_type(here.record, other) or await plan_merge(host, viewer, other, actor, here)


QUEUE_ACTIONS = (
    QueueAction(
        name=MERGE, title=TITLE, right="work", judge=_judge, plan=_plan, lock=_lock, undone=True, tells_nothing=True
    ),
)
