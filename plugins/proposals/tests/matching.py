"""A plugin that proposes earlier requests that match a new pothole, within a scope."""

from parvis.plugins import DiscoveredPlugin
from parvis_sdk.chores import Chore, Every
from parvis_sdk.events import Submitted
from parvis_sdk.finding import Scope
from parvis_sdk.hooks import hookimpl
from parvis_sdk.panels import Panel
from parvis_sdk.proposals import Proposal
from parvis_sdk.subscriptions import Outcome, on
from parvis_sdk.text import Text
from parvis_testing.town import HOLE, QUARREL, plugin_of, tell

WHY = Text(fr="Au même endroit", en="At the same place")
SCOPE = Scope(types=("hole",), answers=("danger", "witness"), place=True, needs=("personal",), moves=("start", "ask"))


@on(Submitted, types=("hole",), finds=(SCOPE,), corrects=("words",))
async def match(event, request, finder):
    found = await finder.find(type="hole", near=(request.place, 100))
    message = Text(fr="Le trou est connu.", en="The hole is known.")
    steps = {True: {"move": "ask", "given": {"reason": "De quelle rue parlez-vous?"}}}  # where there was danger
    return Outcome(
        proposals=tuple(
            Proposal(
                to=each.reference,
                reason=WHY,
                tie=True,
                message=message,
                **steps.get(each.answers.get("danger"), {"move": "start"}),
            )
            for each in found
        )
    )


HOLES = Scope(types=("hole",), answers=("danger",), place=True)


async def nothing(told, connection):
    return None


NEAR = Panel(code="near", title=Text(fr="Trous voisins"), shown_to=("desk",), show=nothing, finds=(HOLES,))
TALLY = Chore(code="tally", title=Text(fr="Compte des trous"), turns=Every(minutes=60), work=nothing, finds=(HOLES,))


def matching_plugin():
    module = plugin_of(HOLE, QUARREL)
    module.subscriptions = hookimpl(lambda: [tell, match])
    module.panels = hookimpl(lambda: [NEAR])
    module.chores = hookimpl(lambda: [TALLY])
    return DiscoveredPlugin.of("town", module)
