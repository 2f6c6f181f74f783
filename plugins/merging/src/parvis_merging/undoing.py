"""A merge undone by the agent who has just made it: the requests are separate again."""

from parvis.requests.actors import Actor
from parvis.requests.changing import Change, Situation
from parvis.requests.history import Entry
from parvis.requests.host import Host
from parvis.requests.records import find
from parvis.requests.relations.merged import JOINED
from parvis.requests.undoing import Reversal
from parvis.requests.visibility import Viewer
from parvis_merging.merging import locked_with_the_kept, plan_parting
from parvis_sdk.workflow import Denied


async def _lock(host: Host, reference: str) -> None:
    await locked_with_the_kept(host, reference)


async def _plan(host: Host, viewer: Viewer, actor: Actor, entry: Entry, here: Situation) -> Change | Denied:
    other = await find(host, (entry.personal or {}).get("other", ""))
    return await plan_parting(host, viewer, other, actor, here)


UNMERGING = Reversal(entry=JOINED, lock=_lock, plan=_plan)
