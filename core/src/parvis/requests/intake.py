"""Taking a clean submission in, whatever channel it came by, in one transaction."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from msgspec import structs

from parvis import clock
from parvis.db import HouseRuleBroken, NotUnique, in_transaction_of_its_own, insert_values
from parvis.db.tables import IdempotencyKey, Row, ServiceRequest
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.places import locate
from parvis.requests import advice
from parvis.requests.actors import REQUESTER, VERIFIED, Actor
from parvis.requests.advice import NOBODY, Advice, Insistence, advise
from parvis.requests.attached.attachments import FilesGone, audiences_at_first, bind
from parvis.requests.changing import Situation, announce, row_of
from parvis.requests.clocks.clocks import Clock, keep_new, levels_told, shown_of, started
from parvis.requests.clocks.measures import ended
from parvis.requests.contacts import keep_contact
from parvis.requests.declarations import pin, pinned_as, remember
from parvis.requests.exclusions import RequestSubject, excluded_from
from parvis.requests.gathering import join_all, joins
from parvis.requests.history import Line, append
from parvis.requests.host import Host
from parvis.requests.levels import terms_of
from parvis.requests.lifecycle import arrival, follow_on, happenings, planning_move, retention_due
from parvis.requests.links import tracking_url
from parvis.requests.lists.searching import listed_columns
from parvis.requests.offered import is_declared, type_of
from parvis.requests.parts.part_kinds import EffectContext, Effects
from parvis.requests.parts.together import bring_about
from parvis.requests.places import misplaced, not_ours, pointed_at, verified_address
from parvis.requests.records import ENDED, Record, find
from parvis.requests.references import key_for, new_reference
from parvis.requests.relations.children import answer_for, shares, submission_for
from parvis.requests.relations.ties import keep_tie
from parvis.requests.routing import Destination, RoutingInputs, assign, route
from parvis_sdk.counter import Receipt
from parvis_sdk.events import Submitted
from parvis_sdk.problems import Problem, Problems, problem
from parvis_sdk.request_types import RequestType, Submission
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text

Past = Callable[[Record], Awaitable[None]]
"""Inside the transaction of the intake: writes what was done with a request before it came here."""
DRAWS = 3  # of a reference; in a million requests, one in a million is taken
REUSED = Text(
    fr="Cette clé d’envoi unique a déjà servi pour un autre contenu.",
    en="This idempotency key was already used with other content.",
)
NOT_OFFERED = Text(fr="Ce type de requête n’est pas offert ici.", en="This type of request is not offered here.")


async def take_in(
    host: Host,
    town: Jurisdiction,
    submission: Submission,
    *,
    actor: Actor = REQUESTER,
    idempotency_key: str = "",
    fingerprint: str = "",
    holder: str = "",
    insistence: Insistence = NOBODY,
    judged: bool = True,
    excluded_agents: tuple[str, ...] = (),
    past: Past | None = None,
    declares: bool = False,
) -> Receipt | Problems:
    """Take a submission in and answer with its receipt, or with what is wrong with its type, language, place or files.

    What notices, schedules and operations say against it stands as well, unless `insistence` overrules it; with
    `judged` False (for what comes from the past) nobody asks them.

    `idempotency_key` makes repeats give the first receipt again, if they are of the same `fingerprint`: its row can be
    written once, and nothing is asked before. What was sent once may not read well again: ask `taken_before` then.
    `holder` owns the files that wait for this submission. From the people of the town in `excluded_agents` it is kept
    from the first moment. What another system did with it before is written by `past` in the same transaction, so that
    nobody ever meets it half brought in. What the town says to everybody is taken in only from a caller who found that
    it may be said (`declares`).
    """
    request_type = type_of(host, town, submission.type)
    if (
        request_type is None
        or (request_type.opened_by == "town" and actor.kind != "agent" and actor != VERIFIED)
        or (is_declared(request_type) and not declares)
    ):
        return Problems(found=(Problem(path="type", code="not_offered", message=NOT_OFFERED),))
    settled = _settled(
        town, request_type, structs.replace(submission, language=submission.language.partition("-")[0].lower())
    )
    if isinstance(settled, Problem):
        return Problems(found=(settled,))
    submission = settled
    said = await advise(host, town, request_type, submission.place, submission.answers) if judged else ()
    if standing := [each for each in said if not insistence.overrules(each)]:
        if submission.channel != "portal":  # whose pages count what they show
            await advice.count(host, town, request_type.code, {each.mark for each in standing}, "told")
        return Problems(found=tuple(each.problem() for each in standing))
    routed = await route(host, town, _inputs(request_type, submission, clock.now()))
    if routed.owner is not None and judged:
        return Problems(found=(not_ours(routed.owner),))
    sending = SubmissionContext(
        idempotency_key, fingerprint, holder, said, insistence.reason, excluded_agents, asks=judged, past=past
    )
    for _ in range(DRAWS):
        try:
            return receipt_of(host, town, await _keep(host, town, request_type, submission, actor, sending, routed))
        except (NotUnique, FilesGone) as error:
            # Two sendings of one submission at once: the other one won, and its receipt is the answer to both.
            if (before := await taken_before(host, town, idempotency_key, fingerprint)) is not None:
                return before
            if isinstance(error, FilesGone):
                return Problems(found=(problem("file_missing", "answers", label=request_type.title),))
    raise HouseRuleBroken(f"{DRAWS} references in a row were taken")


async def taken_before(
    host: Host, town: Jurisdiction, idempotency_key: str, fingerprint: str | None = ""
) -> Receipt | Problems | None:
    """What was answered to the submission that was sent with this key, if one was; a problem where that was another
    one, or with None for its `fingerprint` the receipt of whatever it was.
    """
    if not idempotency_key:
        return None
    rows = await IdempotencyKey.select(IdempotencyKey.reference, IdempotencyKey.digest).where(
        IdempotencyKey.key == _digest(town, idempotency_key)
    )
    if rows and fingerprint is not None and rows[0]["digest"] != fingerprint:
        return Problems(found=(Problem(path="", code="once_reused", message=REUSED),))
    record = await find(host, rows[0]["reference"]) if rows else None
    return receipt_of(host, town, record) if record else None


def _settled(town: Jurisdiction, request_type: RequestType, submission: Submission) -> Submission | Problem:
    """The submission with the point of what it names; or what is wrong with its language or its place."""
    place = pointed_at(town, request_type, submission.place, submission.language)
    if isinstance(place, Problem):
        return place
    wrong = None if submission.language in town.languages else problem("language", "language")
    return wrong or misplaced(town, request_type, place) or structs.replace(submission, place=place)


def receipt_of(host: Host, town: Jurisdiction, record: Record) -> Receipt:
    """What the person takes home."""
    return Receipt(
        reference=record.reference,
        key=key_for(host.secret, record.id),
        tracking_url=tracking_url(host, town, record),
        promised_at=record.promised_at,
    )


class SubmissionContext(NamedTuple):
    """How a submission was sent: its key against repeats, what it looked like, who holds its files, in spite of what.

    From whom of the town it is kept, and whether the locator may be asked.
    """

    idempotency_key: str
    fingerprint: str
    holder: str
    despite: tuple[Advice, ...]
    reason: str
    excluded_agents: tuple[str, ...] = ()
    asks: bool = True
    past: Past | None = None

    @property
    def is_past(self) -> bool:
        """Whether its work was done elsewhere: what its first state brings about today was brought about there."""
        return self.past is not None and not self.asks

    @property
    def body(self) -> dict[str, Any]:
        """What was said against it, for the people of the town to read."""
        said = [{"mark": each.mark, "title": structs.asdict(each.title)} for each in self.despite]
        return {"despite": said} if said else {}

    @property
    def words(self) -> dict[str, Any]:
        """Why it was filed all the same."""
        return {"insisted": self.reason} if self.despite and self.reason else {}


def _digest(town: Jurisdiction, idempotency_key: str) -> str:
    return hashlib.sha256(f"{town.code}\n{idempotency_key}".encode("utf-8", "replace")).hexdigest()


def _inputs(request_type: RequestType, submission: Submission, at: datetime) -> RoutingInputs:
    return RoutingInputs(
        request_type=request_type,
        channel=submission.channel,
        requester=submission.requester.mode,
        place=submission.place,
        answers=submission.answers,
        at=at,
    )


def _new_record(town: Jurisdiction, request_type: RequestType, submission: Submission, routed: Destination) -> Record:
    now = clock.now()
    place = submission.place
    located = locate(town, place.lon, place.lat) if place and place.lon is not None and place.lat is not None else None
    columns: dict[str, Any] = arrival(request_type, town, request_type.workflow.initial, now)
    return Record(
        id=new_id(),
        reference=new_reference(),
        jurisdiction=town.code,
        type=request_type.code,
        theme=request_type.theme.code,
        declaration="",
        version=1,
        language=submission.language,
        channel=submission.channel,
        identity=submission.requester.mode,
        unit=routed.unit,
        assignee=None,
        zone=located.zone if located else "",
        public=request_type.visibility.public and submission.requester.mode != "confidential",
        answers=submission.answers,
        place=place,
        address=(place.address or place.words)[:200] if place else "",
        lon=place.lon if place else None,
        lat=place.lat if place else None,
        submitted_at=now,
        updated_at=now,
        settled=None,
        closed_at=now if request_type.workflow.initial.phase is Phase.CLOSED else None,
        decided_at=now if request_type.workflow.initial.phase in ENDED else None,
        promised_at=None,
        promise="none",
        retention_due_at=retention_due(request_type, request_type.workflow.initial, now),
        erased_at=None,
        entries=1,
        priority=routed.priority,
        last_hash="",
        external_references={},
        **columns,
    )


class PendingRequest(NamedTuple):
    """One request about to be written, with all that is known of it before."""

    record: Record
    request_type: RequestType
    submission: Submission
    clocks: tuple[Clock, ...]
    listed: Row
    body: dict[str, Any]
    routed: Destination


async def _keep(
    host: Host,
    town: Jurisdiction,
    request_type: RequestType,
    submission: Submission,
    actor: Actor,
    sending: SubmissionContext,
    routed: Destination,
) -> Record:
    parts = () if sending.is_past else shares(town, request_type, submission.place)
    divided = [submission_for(submission, request_type, each) for each in parts]
    # Drawn first: a change of one of them and then the whole locks them in the order of their ids.
    draw = partial(_drawn, host, town, request_type, asks=sending.asks)
    children = [  # whose public page is that of the whole
        await draw(each, await route(host, town, _inputs(request_type, each, clock.now())), public=False)
        for each in divided
    ]
    whole = _as_late_as(await draw(submission, routed), children)
    record = whole.record
    said = f"{whole.listed['search_text']} {whole.listed['personal_text']}"
    fitting = joins(host, town, request_type, record, said)
    *others, last = await _given(host, town, (*children, whole), sending.excluded_agents)

    async def written() -> Record:
        joined = await join_all(fitting)
        made = [await _write(host, town, each, actor) for each in others]
        more = sending.body | joined.body | ({"children": len(made)} if made else {})
        kept = await _write(
            host,
            town,
            last,
            actor,
            more,
            sending.words,
            children=tuple(each.reference for each in made),
            begins=not sending.is_past,
        )
        await bind(record.id, sending.holder, audiences_at_first(request_type, submission.answers))
        await advice.count_within(town, request_type.code, {each.mark for each in sending.despite}, "insisted")
        if sending.idempotency_key:
            row = {
                "key": _digest(town, sending.idempotency_key),
                "digest": sending.fingerprint,
                "lasting": bool(sending.past),
            }
            await insert_values(IdempotencyKey, row | {"reference": record.reference, "at": record.submitted_at})
        await joined.write(kept)
        for each in made:
            await keep_tie(each, "child_of", kept, record.submitted_at)
        for share, each in zip(parts, made, strict=True):
            if (
                share.owner is not None
                and not share.owner.passed_on
                and request_type.children
                and request_type.children.elsewhere
            ):
                move = request_type.children.elsewhere
                await answer_for(host, each, share.owner, move, partial(planning_move, host))
        if sending.past:
            await sending.past(kept)
        return kept

    kept = await in_transaction_of_its_own(host.engine, written)
    remember(host, pinned_as(host, request_type))
    return kept


async def _drawn(
    host: Host,
    town: Jurisdiction,
    request_type: RequestType,
    submission: Submission,
    routed: Destination,
    *,
    public: bool = True,
    asks: bool = True,
) -> PendingRequest:
    record = _new_record(town, request_type, submission, routed)
    if request_type.visibility.public:
        told = await verified_address(host, town, request_type, submission.place, ask=asks)
        record = structs.replace(record, public=record.public and public, public_address=told)
    terms = await terms_of(host, town, submission.place, record.priority)
    clocks = started(request_type, submission.answers, town, record.submitted_at, terms)
    body = {"type": request_type.code, "channel": submission.channel, "state": record.state, "unit": record.unit}
    body |= levels_told(clocks)
    return PendingRequest(
        record, request_type, submission, clocks, listed_columns(request_type, record, host.jurisdictions), body, routed
    )


async def _given(
    host: Host, town: Jurisdiction, several: Sequence[PendingRequest], excluded_agents: tuple[str, ...]
) -> list[PendingRequest]:
    """The same with the persons that their rules name: people who must have nothing to do with it are excluded
    before anybody is given it. Outside the transaction, in which no request waits for another one's turn."""
    subjects = [
        RequestSubject(request_type=each.request_type, record=each.record, contact=each.submission.requester, new=True)
        for each in several
    ]
    excluded_agents = tuple(sorted({*excluded_agents, *await excluded_from(host, town, subjects)}))
    given = [await assign(each.routed, each.record.submitted_at, excluded_agents) for each in several]
    return [
        each._replace(
            record=structs.replace(each.record, assignee=one.person, excluded_agents=excluded_agents),
            body=each.body | one.body,
        )
        for each, one in zip(several, given, strict=True)
    ]


def _as_late_as(whole: PendingRequest, children: list[PendingRequest]) -> PendingRequest:
    """The whole with the latest promise of its parts."""
    latest = max((clock.due_at for each in children for clock in each.clocks if clock.shown), default=None)
    if latest is None:
        return whole
    clocks = tuple(
        structs.replace(each, due_at=max(each.due_at, latest)) if each.shown else each for each in whole.clocks
    )
    return whole._replace(clocks=clocks)


async def _write(
    host: Host,
    town: Jurisdiction,
    drawn: PendingRequest,
    actor: Actor,
    more: Mapping[str, Any] | None = None,
    words: Mapping[str, Any] | None = None,
    children: tuple[str, ...] = (),
    *,
    begins: bool = True,
) -> Record:
    """Inside a transaction: the rows of a new request, its first entry, and the event."""
    record, request_type, submission, clocks, listed, body, _ = drawn
    promise = shown_of(clocks)
    personal = {
        "answers": submission.answers,
        "place": submission.place,
        "language": submission.language,
        **(words or {}),
    }
    line = Line(kind="submitted", audience="public", body=body | dict(more or {}), personal=personal)
    pinned = pinned_as(host, request_type)
    await pin(host, pinned)
    hash = await append(record.id, 1, "", line, actor, record.submitted_at)
    record_now = structs.replace(
        record,
        declaration=pinned.digest,
        last_hash=hash,
        promised_at=promise.due_at if promise else None,
        promise=promise.state if promise else "none",
        **ended(town.calendar, record.submitted_at, record.closed_at, promise),
    )
    here = Situation(record=record_now, request_type=request_type, town=town, at=record.submitted_at)
    brought = await _begun(host, here, actor) if begins else Effects()
    await insert_values(ServiceRequest, row_of(record_now) | listed)
    await keep_contact(record.id, submission.requester)
    await keep_new(host, town, record.id, clocks)
    for write in brought.writes:
        await write()
    event = Submitted(
        id=str(new_id()),
        reference=record.reference,
        at=record.submitted_at,
        actor=actor.name if actor.kind == "plugin" else actor.kind,
        type=request_type.code,
        state=record.state,
        children=children,
    )
    await announce(host, record_now, town, (event,))
    if not brought.facts:
        return record_now
    await announce(host, record_now, town, happenings(here, brought.facts, actor))
    return await follow_on(host, tuple(brought.facts), record_now)


async def _begun(host: Host, here: Situation, actor: Actor) -> Effects:
    """What the first state brings about."""
    brought = await bring_about(
        EffectContext(host=host, here=here, actor=actor, given={}), here.request_type.workflow.initial.brings
    )
    if not isinstance(brought, Effects):
        raise HouseRuleBroken(f"the first state of {here.request_type.code} brings about what can be refused")
    return brought
