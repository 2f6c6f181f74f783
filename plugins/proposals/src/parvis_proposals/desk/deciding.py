"""Accepting a proposal of a plugin, or declining it."""

from typing import Any
from uuid import UUID

from litestar import Response, post
from litestar.params import FromPath

from parvis.i18n import gettext
from parvis.web.desk.context import AtDesk
from parvis.web.desk.one_request.answering import answered, refused
from parvis.web.desk.one_request.done_messages import SLOT
from parvis.web.desk.one_request.forms import CASE
from parvis.web.done_messages import DoneMessage
from parvis.web.pages import AnyRequest
from parvis.web.typed import typed
from parvis_proposals.deciding import DECIDED, decide
from parvis_sdk.problems import Problem, Problems

FORM = "proposal"
MESSAGES = (
    DoneMessage(
        slot=SLOT, name="proposition-acceptee", text=lambda: gettext("The proposal has been accepted and applied.")
    ),
    DoneMessage(slot=SLOT, name="proposition-declinee", text=lambda: gettext("The proposal has been declined.")),
)


@post(f"{CASE}/propositions")
async def decide_proposal(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """Do all that a proposal says, or none of it."""
    record, sent = await room.record(reference, "work"), await typed(request)
    accept = sent.text("decision") == "accepter"
    try:
        id = UUID(sent.text("proposition"))
    except ValueError:
        gone = Problem(path="proposals", code="unknown", message=DECIDED)
        return await refused(room, record, FORM, {}, Problems(found=(gone,)))
    answer = await decide(room.host, room.viewer, record, id, accept=accept, actor=room.actor)
    return await answered(room, record, FORM, {}, answer, "proposition-acceptee" if accept else "proposition-declinee")
