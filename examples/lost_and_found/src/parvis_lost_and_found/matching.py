"""Matching what is lost with what is found, and claims with serial numbers, which nobody is ever told."""

from datetime import timedelta
from typing import Any

from parvis_lost_and_found.counter import OPEN_TASK, to_check
from parvis_lost_and_found.theme import DAYS_KEPT, MOST_METRES
from parvis_sdk.events import Amended, Moved, Submitted
from parvis_sdk.finding import Finder, FoundRequest, Scope
from parvis_sdk.proposals import Correction, Proposal
from parvis_sdk.requests import ServiceRequest
from parvis_sdk.subscriptions import Outcome, on
from parvis_sdk.text import Text

LOST_THINGS = Scope(types=("lost_thing",), answers=("sort", "colour", "lost_on"), place=True, moves=("match",))
KEPT_THINGS = Scope(
    types=("found_thing",),
    answers=("sort", "colour", "found_on", "serial"),
    place=True,
    needs=("personal",),
    moves=("set_aside",),
)
ALIKE = Text(
    fr="Même genre et même couleur, à moins de {metres} m; perdu le {lost}, trouvé le {found}.",
    en="Same kind and colour, within {metres} m; lost on {lost}, found on {found}.",
)
CLAIMED = Text(fr="Réclamé avec le bon numéro de série.", en="Claimed with the right serial number.")
RIGHT = Text(
    fr="Le numéro de série donné est celui d’un objet gardé.",
    en="The serial number given is that of a thing kept here.",
)
WRONG = Text(
    fr="Le numéro de série donné n’est celui d’aucun objet gardé.",
    en="The serial number given is that of no thing kept here.",
)
TOO_OFTEN = Text(
    fr="Trois numéros ne correspondent pas\u00a0: vérifiez avec la personne, puis confirmez ou non.",
    en="Three numbers do not match: check with the person, then confirm or not.",
)
REWRITTEN = Text(
    fr="Numéro de série écrit en majuscules, sans espaces ni traits.",
    en="Serial number written in capitals, without spaces or dashes.",
)
TRIES = 3


@on(Submitted, Amended, types=("found_thing",), needs=("personal",), finds=(LOST_THINGS,), corrects=("serial",))
async def match_found(event: Submitted | Amended, request: ServiceRequest, finder: Finder) -> Outcome:
    """Propose what was found to people who lost something like it near by, not long before."""
    found_on = str(request.answers.get("found_on", ""))
    lost = await finder.find(type="lost_thing", **looked_for(request))
    proposals = tuple(
        Proposal(to=each.reference, reason=alike(each.answers, found_on, ""), tie=True, move="match")
        for each in lost
        if each.state == "received" and str(each.answers.get("lost_on", "")) <= found_on
    )
    written = str(request.answers.get("serial", ""))
    correct = Correction(answers={"serial": plain(written)}, reason=REWRITTEN) if plain(written) != written else None
    return Outcome(proposals=proposals, correct=correct)


@on(Submitted, types=("lost_thing",), finds=(KEPT_THINGS,))
async def match_lost(event: Submitted, request: ServiceRequest, finder: Finder) -> Outcome:
    """Propose what was lost for what is kept already; an agent who accepts ties both, and invites to claim."""
    lost_on = str(request.answers.get("lost_on", ""))
    found = await finder.find(type="found_thing", **looked_for(request))
    return Outcome(
        proposals=tuple(
            Proposal(to=each.reference, reason=alike(each.answers, "", lost_on), tie=True)
            for each in found
            if each.state == "kept" and lost_on <= str(each.answers.get("found_on", ""))
        )
    )


@on(Moved, types=("lost_thing",), finds=(KEPT_THINGS,))
async def check_claim(event: Moved, request: ServiceRequest, finder: Finder) -> Outcome | None:
    """Compare the number that a claim gives with those of what is kept; three wrong ones are a matter for people."""
    if event.transition != "claim" or request.state != "claimed":
        return None
    number = plain(str(event.given.get("serial", "")))
    same = {"serial": number, "sort": request.answers.get("sort", "")}
    kept = [each for each in await finder.find(type="found_thing", answers=same) if each.state == "kept"]
    if number and kept:
        return Outcome(note=RIGHT, move="confirm", proposals=tuple(set_aside(each) for each in kept[:1]))
    tries = int(request.remembered.get("tries", 0)) + 1
    if tries >= TRIES:
        task = to_check(event)
        return Outcome(note=TOO_OFTEN, tasks=(task,), remember={OPEN_TASK: task.key})
    return Outcome(note=WRONG, move="doubt", remember={"tries": tries})


def looked_for(request: ServiceRequest) -> dict[str, Any]:
    """What is like the thing of a request: of its sort and colour, near, not older than things are kept."""
    like = {code: request.answers[code] for code in ("sort", "colour") if code in request.answers}
    since = request.submitted_at - timedelta(days=DAYS_KEPT)
    return {"near": (request.place, MOST_METRES), "since": since, "answers": like}


def alike(answers: dict[str, Any], found_on: str, lost_on: str) -> Text:
    found, lost = found_on or answers.get("found_on", ""), lost_on or answers.get("lost_on", "")
    return ALIKE.format(metres=MOST_METRES, lost=lost, found=found)


def set_aside(each: FoundRequest) -> Proposal:
    return Proposal(to=each.reference, reason=CLAIMED, tie=True, move="set_aside")


def plain(number: str) -> str:
    """A serial number as it is compared: "wtu 123-b" is "WTU123B"."""
    return "".join(each for each in number.upper() if each.isalnum())
