"""One submission about things of several owners: a request for each, followed by the one that stands for all."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Literal

from msgspec import Struct, structs

from parvis.db.tables import ServiceRequest, Tie
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.layers import Asset
from parvis.jurisdictions.owners import OWNERS, Owner, owner_of
from parvis.requests.actors import SYSTEM
from parvis.requests.changing import Change, Situation, certainly, change_within
from parvis.requests.declarations import type_of_record
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.places import named_assets
from parvis.requests.records import ENDED, Record, all_locked, record_of
from parvis.requests.references import normalise
from parvis.requests.relations.ties import ties_of
from parvis_sdk.children import ChildRule
from parvis_sdk.fields import File, Photo
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType, Submission
from parvis_sdk.requests import Phase, Place, Requester
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied, Mover, Workflow

NONE_DONE = Text(
    fr="Toutes les parties sont terminées, sans qu’aucune ait été réglée\u00a0: décidez de la suite.",
    en="All parts are closed, and none of them was resolved: decide what follows.",
)
OF_PART = """
SELECT o.reference FROM service_request r JOIN tie t ON t.one = r.id AND t.kind = 'child_of'
JOIN service_request o ON o.id = t.other WHERE r.reference = {}"""
WHOLE = """
SELECT o.* FROM tie t JOIN service_request o ON o.id = t.other WHERE t.one = {} AND t.kind = 'child_of'"""
Outlook = Literal["", "begins", "over", "undecided"]
Planned = Callable[[Situation], Awaitable[Change | Denied | Problems]]
PlanMove = Callable[[str, Mapping[str, Any], Mover], Planned]
"""What makes the plan of a step by the system, of its code, its answers, and as whom it is made."""


class Share(Struct, frozen=True, kw_only=True):
    """What of a submission is one owner's: None is the town."""

    owner: Owner | None
    assets: tuple[Asset, ...]


def shares(town: Jurisdiction, request_type: RequestType, place: Place | None) -> tuple[Share, ...]:
    """The things of a submission by owner, in the order of choice; none where one owner has them all."""
    if request_type.children is None or place is None or len(place.assets) < 2:
        return ()
    found: dict[str, Share] = {}
    for asset in named_assets(town, request_type, place.assets):
        owner = owner_of_asset(town, request_type, asset)
        code = owner.code if owner else ""
        before = found[code].assets if code in found else ()
        found[code] = Share(owner=owner, assets=(*before, asset))
    return tuple(found.values()) if len(found) > 1 else ()


def owner_of_asset(town: Jurisdiction, request_type: RequestType, asset: Asset) -> Owner | None:
    """Whose a thing is: as its layer says, else as its place says; None when it is the town's."""
    named = next((owner for owner in OWNERS.of(town) if owner.code == asset.owner), None)
    return named or owner_of(town, request_type.code, asset.lon, asset.lat)


def owner_of_request(town: Jurisdiction, request_type: RequestType, record: Record) -> Owner | None:
    """Whose the things of a request are that was made for one owner."""
    assets = named_assets(town, request_type, record.place.assets) if record.place else ()
    return owner_of_asset(town, request_type, assets[0]) if assets else None


def submission_for(submission: Submission, request_type: RequestType, share: Share) -> Submission:
    """The submission as it concerns one owner: about their things, without the person and the files."""
    names = ", ".join(f"{one.name.to(submission.language)} ({one.code})" for one in share.assets)
    first = share.assets[0]
    place = Place(lon=first.lon, lat=first.lat, address=names[:200], assets=tuple(one.code for one in share.assets))
    files = {field.code for field in request_type.form.fields() if isinstance(field, Photo | File)}
    return structs.replace(
        submission,
        place=place,
        answers={code: value for code, value in submission.answers.items() if code not in files},
        attachments=(),
        requester=Requester(mode=submission.requester.mode),
    )


async def answer_for(host: Host, record: Record, owner: Owner, move: str, planning: PlanMove) -> None:
    """Inside a transaction: answer for an owner who takes reports only itself, with whom to turn to."""
    request_type = await type_of_record(host, record)
    transition = request_type.workflow.transition(move)
    asked = {field.code for field in transition.asks.fields()} if transition else set()
    said = {"owner": owner.name.to(record.language), "owner_link": owner.link, "owner_phone": owner.phone}
    given = {code: value for code, value in said.items() if code in asked and value}
    await _move(host, record, planning(move, given, "agent"))


async def locked_with_the_whole(host: Host, reference: str, *besides: str) -> None:
    """Inside a transaction: lock a part together with its whole, if there is one, in the order of everybody; those
    named besides as well.
    """
    rows = await Tie.raw(OF_PART, normalise(reference) or "")
    if rows:
        await all_locked(host, (reference, rows[0]["reference"], *besides))


async def follow_up_the_whole(host: Host, child: Record, planning: PlanMove) -> Record:
    """Inside a transaction, once a request is under way or over: what that means for the one that stands for such.

    Its parts are never touched by it. Parts tied by hand, of whatever type, count as those that were made.
    """
    for row in await ServiceRequest.raw(WHOLE, child.id):
        await follow_up(host, record_of(row), planning)
    return child


async def follow_up(host: Host, whole: Record, planning: PlanMove) -> None:
    """Inside a transaction: what the parts of a request, as they are now, mean for it."""
    request_type = await type_of_record(host, whole)
    if request_type.children is None:
        return
    match await outlook(host, whole, await parts_of(whole)):
        case "over":
            rule = request_type.children
            await _move(host, whole, _by_rule(rule.closes, planning(rule.move, {}, "system")))
        case "undecided":
            await _hindered(host, whole, NONE_DONE)
        case "begins":
            await _move(host, whole, _by_rule("begins", planning(request_type.children.begins, {}, "system")))


async def parts_of(whole: Record) -> tuple[Record, ...]:
    """The parts of a request, declared or linked by hand."""
    return tuple(tie.record for tie in await ties_of(whole) if tie.kind == "child_of" and not tie.ours)


async def outlook(host: Host, whole: Record, parts: Sequence[Record]) -> Outlook:
    """What becomes by itself of a request that has these parts; "undecided" where somebody must say what follows."""
    request_type = await type_of_record(host, whole)
    rule = request_type.children
    if rule is None or not parts or whole.phase in ENDED or whole.erased_at is not None:
        return ""
    over = [part for part in parts if part.phase in ENDED]
    settled = [part for part in parts if part.state in await _settled_in(host, part, rule)]
    is_done = rule.closes == "any" or len(over) == len(parts)
    if is_done and any(part.phase in ENDED for part in settled):
        return "over"
    if len(over) == len(parts):
        return "undecided"
    begun = settled or any(part.phase is Phase.IN_PROGRESS for part in parts)
    return "begins" if begun and _begins(whole, request_type) else ""


async def _settled_in(host: Host, part: Record, rule: ChildRule) -> frozenset[str]:
    """The states in which a part is settled: by its own rule or by the step of that name in its own workflow.

    One whose type has no such step may be over, and is settled by nothing: somebody decides what follows of it.
    """
    request_type = await type_of_record(host, part)
    return _as_far_as(request_type.workflow, request_type.children.move if request_type.children else rule.move)


def _begins(whole: Record, request_type: RequestType) -> bool:
    """Whether the whole is to be seen under way as soon as a part of it is: nobody has begun with it yet."""
    begins = (
        request_type.workflow.transition(request_type.children.begins) if request_type.children is not None else None
    )
    return begins is not None and whole.phase is Phase.RECEIVED and whole.state in begins.sources


def _by_rule(rule: str, plan: Planned) -> Planned:
    """The same move, with the rule that made it in the history."""

    async def planned(here: Situation) -> Change | Denied | Problems:
        change = await plan(here)
        if not isinstance(change, Change):
            return change
        return structs.replace(change, line=structs.replace(change.line, body={**change.line.body, "by_rule": rule}))

    return planned


def _as_far_as(workflow: Workflow, move: str) -> frozenset[str]:
    """The states in which somebody is who has made that move: where it leads, and where one goes from there."""
    transition = workflow.transition(move)
    if transition is None:
        return frozenset()
    beyond = {each.target for each in workflow.transitions if transition.target in each.sources}
    return frozenset({transition.target} | {code for code in beyond if workflow.state(code).phase in ENDED})


async def _move(host: Host, record: Record, plan: Planned) -> None:
    moved = await change_within(host, record.reference, plan, actor=SYSTEM)
    if isinstance(moved, Denied):
        await _hindered(host, record, moved.reason)
    elif isinstance(moved, Problems):
        await _hindered(host, record, moved.found[0].message)


async def _hindered(host: Host, record: Record, why: Text) -> None:
    async def plan(here: Situation) -> Change:
        return Change(line=Line(kind="hindered", audience="internal", personal={"note": structs.asdict(why)}))

    certainly(await change_within(host, record.reference, plan, actor=SYSTEM))
