"""The page on which the holder of a request proves that a condition of the decision is met."""

from functools import partial
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from msgspec import Struct

from parvis.i18n import gettext
from parvis.requests.changing import Conflict
from parvis.requests.declarations import is_offered
from parvis.web.addresses import patterns
from parvis.web.done_messages import DoneMessage
from parvis.web.panels import PagePanel, Panel
from parvis.web.portal.visit import AtPortal, Visit
from parvis.web.track.actions import back_to_request, done_on_request, given, show_form
from parvis.web.track.keys import TrackedRequest, held_or_redirect, own_address
from parvis.web.track.uploads import files_sent, waiting_holder
from parvis.web.typed import typed
from parvis_grants import NAME
from parvis_grants.obligations import obligations_of
from parvis_grants.proving import send_proof
from parvis_grants.shown_obligations import obligations_panel, show_obligation
from parvis_sdk.obligation_rules import ObligationState
from parvis_sdk.obligations import Obligation, Proof
from parvis_sdk.problems import Problems
from parvis_sdk.workflow import Denied

AnyRequest = Request[Any, Any, Any]


PROOF = {"fr": "preuve", "en": "proof"}


class ProofRequest(Struct, frozen=True, kw_only=True):
    """An obligation of which a proof can be sent now."""

    owed: ObligationState
    declared: Obligation
    proof: Proof


@get(patterns(":track", "{reference:str}", PROOF, "{id:str}"), name="proof-page")
async def proof_page(here: AtPortal, reference: FromPath[str], id: FromPath[str]) -> Response[Any]:
    """What is required and what shows that it was done."""
    found = await held_or_redirect(here, reference, "answer")
    asked = await asked_for(here, found, id)
    return await _show(here, found, asked) if asked else back_to_request(here, found)


@post(patterns(":track", "{reference:str}", PROOF, "{id:str}"), name="proof", status_code=200)
async def take_proof(here: AtPortal, request: AnyRequest, reference: FromPath[str], id: FromPath[str]) -> Response[Any]:
    found = await held_or_redirect(here, reference, "answer")
    asked = await asked_for(here, found, id)
    if asked is None:
        # It was sent already, by a second press or in another tab: the page says how things stand.
        return back_to_request(here, found)
    sent = await typed(request)
    fields = asked.proof.form.fields()
    raw = given(fields, sent)
    problems = await files_sent(here, found, fields, raw, sent)
    if problems:
        return await _show(here, found, asked, raw, Problems(found=problems))
    holder = waiting_holder(here, found)
    done = await send_proof(here.host, found.record.reference, id, raw, actor=found.actor, holder=holder)
    if isinstance(done, Problems):
        return await _show(here, found, asked, raw, done)
    if isinstance(done, Denied | Conflict):
        return back_to_request(here, found)
    return done_on_request(here, found, "preuve")


async def asked_for(here: Visit, found: TrackedRequest, id: str) -> ProofRequest | None:
    owed = next((each for each in await obligations_of(found.record.id) if str(each.id) == id), None)
    declared = next((each for each in found.request_type.of(Obligation) if owed and each.code == owed.code), None)
    proof = declared.proof(owed.proof) if owed and declared else None
    if owed is None or declared is None or proof is None or not owed.is_live:
        return None
    if not is_offered(here.host, found.record) or found.record.erased_at is not None:
        return None
    return ProofRequest(owed=owed, declared=declared, proof=proof)


async def _show(
    here: Visit,
    found: TrackedRequest,
    asked: ProofRequest,
    raw: dict[str, Any] | None = None,
    problems: Problems | None = None,
) -> Response[Any]:
    return await show_form(
        here,
        found,
        "grants/proof.html",
        asked.proof.form.fields(),
        raw or {},
        problems,
        (PROOF, str(asked.owed.id)),
        shown=show_obligation(asked.owed, asked.declared),
        proof=asked.proof,
        checked=asked.declared.checked,
    )


def link_to_prove(here: Visit, found: TrackedRequest, owed: ObligationState, declared: Obligation) -> tuple[str, str]:
    """Where its holder can prove a condition, and what that is called."""
    if not found.viewer.holds("answer") or not here.host.modules.of(here.town).has(NAME):
        return "", ""
    gone = not is_offered(here.host, found.record) or found.record.erased_at is not None
    if declared.proof(owed.proof) is None or gone or not owed.is_live or owed.state == "proved":
        return "", ""
    action = gettext("Send a new proof") if owed.state == "met" else gettext("Send the proof")
    return own_address(here, found, PROOF, str(owed.id)), action


async def owed_panel(here: Visit, found: TrackedRequest) -> Panel | None:
    """What the decision requires, each with where its holder proves it."""
    return await obligations_panel(found.record, found.request_type, partial(link_to_prove, here, found))


PANEL: PagePanel[Visit, TrackedRequest] = PagePanel(
    slot="tracking.request",
    name="conditions",
    after="delays",
    title=lambda: gettext("Conditions of the decision"),
    applies=lambda here, found: bool(found.request_type.of(Obligation)),
    draw=owed_panel,
    remains=Obligation.part,
)
MESSAGE = DoneMessage(
    slot="tracking.request.done", name="preuve", text=lambda: gettext("Thank you. We have received your proof.")
)
