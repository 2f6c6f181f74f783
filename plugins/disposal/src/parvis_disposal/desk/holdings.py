"""Answering a request for one's own information: all under the address, what may go, and its approval by two people."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.params import FromPath
from msgspec import Struct

from parvis.i18n import format_date, gettext, ngettext, say
from parvis.people.one_time_links import same
from parvis.privacy.data_request import CODE, LIFE
from parvis.requests.access_log import SHORTEST_REASON
from parvis.requests.contacts import contact_of
from parvis.requests.declarations import type_of_record
from parvis.requests.drafting import mailed_to
from parvis.requests.persons.person import Theirs, followed_by, forget_around, requests_of
from parvis.requests.persons.resident_space import resident_space
from parvis.requests.records import Record, records_of
from parvis.requests.work.conversation import note
from parvis.web.desk.context import AtDesk, DeskContext, case_path, go
from parvis.web.desk.one_request.case import Case
from parvis.web.desk.one_request.forms import CASE, words_in, wrong
from parvis.web.pages import AnyRequest, Pages
from parvis.web.panels import PagePanel, Panel
from parvis.web.typed import FormInput, typed
from parvis_disposal.destruction import served
from parvis_disposal.erasure_requests import (
    ErasureVerdict,
    Proposal,
    carry_out,
    decide,
    finished,
    judge,
    proposals_of,
    propose,
    verified_address,
)
from parvis_sdk.problems import Problems

Named = Callable[[DeskContext, Record, Record], bool]
GRANT, REFUSE = "grant", "refuse"


class ReadyAnswer(Struct, frozen=True, kw_only=True):
    """Words in the person's language, to be read over and sent by the step `move`.

    It is empty where no step can be made, and while an erasure is proposed: the answer would not be true.
    """

    words: str
    move: str
    language: str


async def ready_answer(
    room: DeskContext, record: Record, judged: Sequence[ErasureVerdict], proposals: Sequence[Proposal], named: Named
) -> ReadyAnswer:
    """Names only requests that the readers of this one may know of; the others are counted, by what keeps them."""
    gone = [each for done in proposals if done.state == "done" for each in await records_of(done.listed)]
    gone = [each for each in gone if each.erased_at is not None]
    titles = {each.id: (await type_of_record(room.host, each)).title for each in gone}
    pages: Pages = room.request.app.state.pages
    with pages.catalogues.speaking(record.language, room.town.time_zone):
        parts = [gettext("Here is the answer to your request to have your information erased.")]
        erased = [f"{say(titles[each.id])} ({each.reference})" for each in gone if named(room, record, each)]
        erased += [_others(number)] if (number := len(gone) - len(erased)) else []
        parts += _part(gettext("Erased:"), erased)
        for standing, heading in (
            ("kept", gettext("Kept, as a law or a retention rule requires:")),
            ("needed", gettext("Kept while another request or a document still depends on it:")),
            ("under_way", gettext("Still in progress, so not erased:")),
            ("goes", gettext("Not erased:")),
        ):
            those = [each for each in judged if each.standing == standing]
            lines = [_line(_titled(each), *_term(each)) for each in those if named(room, record, each.record)]
            others = Counter(_term(each) for each in those if not named(room, record, each.record))
            lines += [_line(_others(number), *term, number) for term, number in others.items()]
            parts += _part(heading, lines)
        if any(each.standing == "kept" for each in judged):
            parts.append(gettext("What is kept will be destroyed on that date."))
    move = REFUSE if judged else GRANT  # whatever is still there was not granted
    there, pending = LIFE.transition(move), any(each.waits or each.state == "approved" for each in proposals)
    can = there is not None and record.state in there.sources and not pending
    return ReadyAnswer(words="\n\n".join(parts), move=move if can else "", language=record.language)


def _part(heading: str, lines: Sequence[str]) -> list[str]:
    return ["\n".join([heading, *(f"- {each}" for each in lines)])] if lines else []


def _titled(each: ErasureVerdict) -> str:
    return f"{say(each.title)} ({each.record.reference})"


def _others(number: int) -> str:
    return ngettext("%(num)s other request", "%(num)s other requests", number) % {"num": number}


def _term(each: ErasureVerdict) -> tuple[str, str]:
    """The rule that keeps it and the day until which it does; nothing of what no rule keeps."""
    if each.standing != "kept":
        return "", ""
    rule = say(each.rule.rule) if each.rule.rule else _usual_rule(each)
    return rule, format_date(each.until) if each.until else ""


def _line(title: str, rule: str, day: str, number: int = 1) -> str:
    if not rule:
        return title
    if not day:
        return gettext("%(title)s: %(rule)s") % {"title": title, "rule": rule}
    return ngettext(
        "%(title)s: kept until %(day)s (%(rule)s)", "%(title)s: all kept until %(day)s (%(rule)s)", number
    ) % {"title": title, "day": day, "rule": rule}


def _usual_rule(each: ErasureVerdict) -> str:
    days = each.rule.days
    return ngettext(
        "retention rule of this type: %(num)s day after closing",
        "retention rule of this type: %(num)s days after closing",
        days,
    ) % {"num": days}


PAGE = f"{CASE}/renseignements"
DECIDING = f"{PAGE}/effacement"
Listing = Callable[[Record], bool]


@get(PAGE)
async def show_holdings(room: AtDesk, reference: FromPath[str]) -> Response[Any]:
    """What is under the address, as far as the person may see it and know who asked."""
    record = await data_request(room, reference)
    return await show(room, record, mine(room))


@post(PAGE, status_code=200)
async def work_on_holdings(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """List everything, for a reason that is written down before; or show what would be erased, to be confirmed."""
    record, sent = await data_request(room, reference), await typed(request)
    if not sent.text("_all"):
        return await _sure(room, record, sent)
    if not room.may("privacy", record):
        raise PermissionDeniedException("This needs the right 'privacy' over the request.")
    reason = words_in(sent, "reason")
    if len(reason) < SHORTEST_REASON:
        words = gettext("Say why you need everything under this address.")
        return await show(room, record, mine(room), problems=wrong("all-reason", words))
    said = gettext("Everything under the address was listed. Reason: %(reason)s") % {"reason": reason}
    await note(room.host, record.reference, said, actor=room.actor)
    return await show(room, await data_request(room, reference), in_charge(room), everything=True)


@post(DECIDING, status_code=200)
async def decide_erasure(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """Propose what was confirmed; or, as a second person, approve or refuse what another one has proposed."""
    record, sent = await data_request(room, reference), await typed(request)
    did = sent.text("do")
    if did == "propose":
        return await _propose(room, record, sent)
    proposal = next((each for each in await proposals_of(record) if str(each.id) == sent.text("proposal")), None)
    if proposal is None or did not in ("approve", "refuse", "finish"):
        return await show(room, record, mine(room), problems=wrong("", gettext("This proposal is no longer valid.")))
    if problem := await _hindered(room, record, proposal, did):
        return await show(room, record, mine(room), problems=wrong("", problem))
    if did == "refuse":
        if not await decide(room.host, proposal, approved=False, actor=room.actor):
            return await show(
                room, record, mine(room), problems=wrong("", gettext("This proposal is no longer valid."))
            )
        await note(room.host, record.reference, gettext("The proposed erasure was refused."), actor=room.actor)
        return go(f"{case_path(record.reference)}/renseignements#main")
    if did == "approve" and not await decide(room.host, proposal, approved=True, actor=room.actor):
        return await show(room, record, mine(room), problems=wrong("", gettext("This proposal is no longer valid.")))
    if not await _carry_out(room, record, proposal):  # these pages are gone
        return go(f"{case_path(record.reference)}#main")
    return go(f"{case_path(record.reference)}/renseignements?fait=effacement#main")


async def _sure(room: DeskContext, record: Record, sent: FormInput) -> Response[Any]:
    """What goes and what stays, to be confirmed before anybody is asked to approve it."""
    chosen = await _chosen(room, record, sent)
    if isinstance(chosen, Problems):
        return await show(room, record, mine(room), problems=chosen)
    goes, stays, around = chosen
    return room.show(
        "disposal/holdings_sure.html",
        record=record,
        email=await address_of(record),
        goes=goes,
        stays=stays,
        around=around,
        base=case_path(record.reference),
    )


async def _propose(room: DeskContext, record: Record, sent: FormInput) -> Response[Any]:
    chosen = await _chosen(room, record, sent)
    if isinstance(chosen, Problems):
        return await show(room, record, mine(room), problems=chosen)
    goes, _, around = chosen
    wanted = [each.record.reference for each in goes]
    email = await address_of(record)
    await propose(room.host, record, wanted, around=around, email=email, actor=room.actor)
    said = gettext("An erasure has been proposed. Another person with the same right must approve it.")
    await note(room.host, record.reference, said, actor=room.actor)
    return go(f"{case_path(record.reference)}/renseignements?fait=proposition#main")


async def _chosen(
    room: DeskContext, record: Record, sent: FormInput
) -> tuple[tuple[ErasureVerdict, ...], tuple[ErasureVerdict, ...], bool] | Problems:
    """What of the ticked may go, everything that stays, and whether what lies around goes too; or why nothing may."""
    email = await address_of(record)
    if not await verified_address(record, email):
        return wrong("", gettext("Nothing is erased for an address that was not verified."))
    judged = await judge(room.host, [each.record for each in await theirs(room, record, email, in_charge(room))])
    wanted, around = set(sent.all("request")), sent.text("around") == "yes"
    goes = tuple(each for each in judged if each.standing == "goes" and each.record.reference in wanted)
    if not goes and not around:
        return wrong("", gettext("Choose what is to be erased."))
    return goes, tuple(each for each in judged if each not in goes), around


async def _hindered(room: DeskContext, record: Record, proposal: Proposal, did: str) -> str:
    """Why this person may not decide on it; empty where they may."""
    if did == "refuse":
        return ""
    email = await address_of(record)
    if not await verified_address(record, email) or email != proposal.email:
        return gettext("The address has changed since: it is no longer the one that was verified.")
    if did == "finish":
        return "" if proposal.state == "approved" else gettext("This proposal is no longer valid.")
    if proposal.proposed_by == room.person.id:
        return gettext("Another person must approve your proposal.")
    listing = in_charge(room)
    if not all(listing(each) for each in await records_of(proposal.listed)):
        return gettext("You cannot see every request in this proposal. Another person must approve it.")
    return ""


async def _carry_out(room: DeskContext, record: Record, proposal: Proposal) -> bool:
    """The note names what is of the data request's own unit, for its readers may know of no other.

    Whether all of it was carried out: what somebody stopped by switching the module off can be gone on with.
    """
    gone = await carry_out(room.host, room.town.code, proposal.listed, actor=room.actor)
    is_stopped = not served(room.host, [room.town.code])
    if proposal.around and not is_stopped:
        await forget_around(room.host, room.town.code, proposal.email)
    named = [each.reference for each in await records_of(gone) if is_named(room, record, each)]
    words = ngettext("%(num)s request erased: %(which)s.", "%(num)s requests erased: %(which)s.", len(named))
    said = [words % {"num": len(named), "which": ", ".join(named)}] if named else []
    if is_stopped:
        said.append(gettext("Erasure was switched off before it finished. The rest was kept."))
    elif proposal.around:
        said.append(gettext("The drafts, followed requests, preferences and letters of this address have been erased."))
    said.append(
        gettext("Proposed by %(one)s, approved by %(other)s.")
        % {"one": proposal.proposed_name, "other": proposal.decided_name or room.person.name}
    )
    said.append(gettext("The register of destruction lists everything that was erased."))
    await note(room.host, record.reference, " ".join(said), actor=room.actor)
    if not is_stopped:
        await finished(room.host, proposal)
    return not is_stopped


def is_named(room: DeskContext, record: Record, one: Record) -> bool:
    """Whether those who read this data request may know of the other request."""
    units = room.town.units_under(record.unit) if record.unit else None
    return not one.excluded_agents and (units is None or one.unit in units)


async def data_request(room: DeskContext, reference: str) -> Record:
    record = await room.record(reference)
    if not (room.may("reveal", record) or room.may("privacy", record)):
        raise PermissionDeniedException("This needs the right 'reveal' or 'privacy' over the request.")
    if record.type != CODE or record.erased_at is not None:
        raise NotFoundException("This request is not about personal information.")
    return record


def mine(room: DeskContext) -> Listing:
    """What somebody may see, and whose requester they may know: a confidential one by the right to reveal."""
    return lambda record: (
        room.may("see", record) and room.may("reveal" if record.identity == "confidential" else "contacts", record)
    )


def in_charge(room: DeskContext) -> Listing:
    """The same, and what the person in charge of privacy answers for; never what is kept from them."""
    own = mine(room)
    return lambda record: own(record) or room.may("privacy", record)


async def address_of(record: Record) -> str:
    contact = await contact_of(record)
    return same(contact.email) if contact else ""


async def theirs(room: DeskContext, record: Record, email: str, listing: Listing) -> list[Theirs]:
    """What was asked with this address, as far as it is for this listing; this data request apart."""
    found = await requests_of(room.host, room.town.code, email) if email else ()
    return [each for each in found if each.record.id != record.id and listing(each.record)]


async def show(
    room: DeskContext, record: Record, listing: Listing, *, everything: bool = False, problems: Problems | None = None
) -> Response[Any]:
    email = await address_of(record)
    found = await theirs(room, record, email, listing)
    for each in found:
        room.logs_access(each.record, "demand")
    judged = {each.record.id: each for each in await judge(room.host, [each.record for each in found])}
    proposals = await proposals_of(record)
    proposal = next((each for each in proposals if each.waits or each.state == "approved"), None)
    listed = await records_of(proposal.listed) if proposal else ()
    theirs_judged = [(each, judged.get(each.record.id)) for each in found]
    goes = [(each, about) for each, about in theirs_judged if about is not None and about.standing == "goes"]
    return room.show(
        "disposal/holdings.html",
        status=422 if problems else 200,
        record=record,
        email=email,
        verified=await verified_address(record, email),
        space=resident_space(room.host, room.town) is not None,
        theirs=theirs_judged,
        goes=goes,
        stays=[each for each in theirs_judged if each not in goes],
        everything=everything,
        may_list=room.may("privacy", record),
        problems=problems,
        proposal=proposal,
        proposed=[(each, judged.get(each.id)) for each in listed if listing(each)],
        unseen=sum(not listing(each) for each in listed),
        answer=await ready_answer(room, record, tuple(judged.values()), proposals, is_named),
        followed=await followed_by(room.host, room.town.code, email) if email else (),
        drafts=await mailed_to(room.town.code, email),
        done=room.request.query_params.get("fait", ""),
        base=case_path(record.reference),
    )


async def link(room: DeskContext, case: Case) -> Panel | None:
    """The line that leads to the page."""
    if not (room.may("reveal", case.record) or room.may("privacy", case.record)):
        return None
    return Panel(template="disposal/link.html", values={"path": f"{case_path(case.record.reference)}/renseignements"})


LINK: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request.links",
    name="holdings",
    title=lambda: gettext("What is under this address"),
    draw=link,
    applies=lambda room, case: case.record.type == CODE and case.record.erased_at is None,
)
