"""What an operator asks of a connector: to check itself, to try itself out, to fetch news, to send a request again."""

from typing import Any

from litestar import Response, post
from litestar.params import FromPath

from parvis.connectors.checking import check, try_out
from parvis.connectors.comparing import resend
from parvis.connectors.polling import poll_soon
from parvis.i18n import gettext, say
from parvis.outbox.pausing import pause, resume
from parvis.requests.records import find
from parvis.web.operators.connectors import ConnectorOutcome, address_of, connector_of, connector_page
from parvis.web.operators.context import CONNECTORS, AtOperations, OperatorContext, go
from parvis.web.pages import AnyRequest
from parvis.web.typed import typed
from parvis_sdk.connectors import Connector
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.text import Text

ONE = CONNECTORS + "/{name:str}"


@post(f"{ONE}/verification", status_code=200)
async def check_connector(room: AtOperations, name: FromPath[str]) -> Response[Any]:
    """Three answers: settings, reachable, allowed."""
    connector = connector_of(room, name)
    checked = await check(room.heart, connector)
    room.note("check connector", connector=name, well=all(each.ok for each in checked))
    return await connector_page(room, connector, ConnectorOutcome(checked=checked))


@post(f"{ONE}/essai", status_code=200)
async def try_connector(room: AtOperations, name: FromPath[str]) -> Response[Any]:
    """Something harmless is sent, and what came back is shown."""
    connector = connector_of(room, name)
    came = await try_out(room.heart, connector)
    failed = not isinstance(came, str)
    room.note("try connector", connector=name, failed=failed)
    said = came if isinstance(came, str) else say(came.what)
    return await connector_page(room, connector, ConnectorOutcome(trial=said or "–", trial_failed=failed))


@post(f"{ONE}/interrogation")
async def poll_connector(room: AtOperations, name: FromPath[str]) -> Response[Any]:
    """A worker asks it within a second or two: what a poll brings may be much, and a page does not wait for it."""
    connector = connector_of(room, name)
    await poll_soon(room.heart, connector)
    room.note("poll connector", connector=name)
    return go(f"{address_of(connector)}?fait=interroge")


@post(f"{ONE}/pause")
async def pause_connector(room: AtOperations, name: FromPath[str]) -> Response[Any]:
    """Nothing is delivered to it any more until somebody resumes it."""
    connector = connector_of(room, name)
    await pause(room.heart.engine, connector.name, gettext("Paused by %(who)s") % {"who": room.person.name})
    room.note("pause connector", connector=name)
    return go(f"{address_of(connector)}?fait=pause")


@post(f"{ONE}/reprise")
async def resume_connector(room: AtOperations, name: FromPath[str]) -> Response[Any]:
    """What waited goes, and what was given up because the system was away too long."""
    connector = connector_of(room, name)
    revived = await resume(room.heart.engine, connector.name)
    room.note("resume connector", connector=name, revived=revived)
    return go(f"{address_of(connector)}?fait=reprise")


@post(f"{ONE}/renvoi", status_code=200)
async def resend_request(room: AtOperations, request: AnyRequest, name: FromPath[str]) -> Response[Any]:
    """Brings the other system up to date with one request."""
    sent = await typed(request)
    connector = connector_of(room, name)
    reference = sent.text("reference").strip()[:40]
    if wrong := await wrong_reference(room, connector, reference):
        return await connector_page(room, connector, ConnectorOutcome(problems=wrong, typed=reference))
    await resend(room.heart, connector, reference)
    room.note("resend", connector=name, reference=reference)
    return go(f"{address_of(connector)}?fait=renvoye")


async def wrong_reference(room: OperatorContext, connector: Connector, reference: str) -> Problems | None:
    """Why this request cannot be sent to that system."""
    record = await find(room.heart, reference) if reference else None
    if not reference:
        return wrong_at("reference", gettext("Enter the reference of a request."))
    if record is None:
        return wrong_at("reference", gettext("There is no request with this reference."))
    if not room.runs(record.jurisdiction):
        return wrong_at("reference", gettext("This request belongs to a town that you do not run."))
    if not connector.serves(record.type, record.jurisdiction):
        return wrong_at("reference", gettext("Requests of this type or of this town do not go to this system."))
    return None


def wrong_at(path: str, words: str) -> Problems:
    """One problem, in words that are in the person's language already."""
    return Problems(found=(Problem(path=path, code="wrong", message=Text(fr=words, en=words)),))
