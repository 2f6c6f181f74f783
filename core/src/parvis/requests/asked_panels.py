"""What panels of plugins show of a request: asked side by side, each on its own thread, all within one limit.

Each is told what it needs of the request, as far as the viewer sees it too. Nothing is asked of the database where no
panel is for the viewer.
"""

from collections.abc import Collection
from functools import partial

from msgspec import Struct, structs

from parvis.plugins.registry import NamedPanel
from parvis.requests.asked_plugins import Question, asked, keeper_of, lent_to
from parvis.requests.host import Host
from parvis.requests.payloads import request_for
from parvis.requests.records import Record
from parvis.requests.scope_keeper import Search, finder_for, scope_name
from parvis.requests.timeline import files_reaching
from parvis.requests.visibility import RequestView, Viewer
from parvis_sdk.connectors import Connection
from parvis_sdk.contents import Content
from parvis_sdk.panels import SECONDS, PanelNeed, Viewers
from parvis_sdk.requests import Attachment, ServiceRequest

VIEWERS: dict[str, Viewers] = {"public": "public", "holder": "requester"}


class PanelAnswer(Struct, frozen=True, kw_only=True):
    """One panel, and what it shows of this request; or that it is missing."""

    panel: NamedPanel
    contents: tuple[Content, ...] = ()
    is_missing: bool = False


async def asked_panels(host: Host, record: Record, shown: RequestView, viewer: Viewer) -> tuple[PanelAnswer, ...]:
    """The panels that have something to show to the viewer, in the order of their names, and those that should have."""
    panels = panels_here(host, record, viewer)
    questions = [_question(host, each, record, shown, viewer) for each in panels]
    said = await asked(host, questions)
    answers = [
        PanelAnswer(panel=panel, contents=said[question.name] or (), is_missing=said[question.name] is None)
        for panel, question in zip(panels, questions, strict=True)
    ]
    return tuple(each for each in answers if each.contents or each.is_missing)


def panels_here(host: Host, record: Record, viewer: Viewer) -> tuple[NamedPanel, ...]:
    """The panels for the viewer; none of a request whose person was erased.

    A party, who was let into a request by its requester, has those that need nothing more of it.
    """
    if record.erased_at is not None or not host.plugins.panels:
        return ()
    town = host.jurisdictions.jurisdiction(record.jurisdiction)
    found = host.plugins.panels_for(VIEWERS.get(viewer.kind, "desk"), record.type, town.plugins)
    return tuple(each for each in found if not (viewer.role and each.panel.needs))


def _question(host: Host, named: NamedPanel, record: Record, shown: RequestView, viewer: Viewer) -> Question:
    return Question(
        hook="panels",
        code=named.panel.code,
        origin=named.origin,
        function=named.panel.show,
        prepared=partial(_told, host, named, record, shown, viewer),
        seconds=SECONDS,
    )


async def _told(
    host: Host, named: NamedPanel, record: Record, shown: RequestView, viewer: Viewer
) -> tuple[ServiceRequest, Connection]:
    keeper = keeper_of(host, named.origin, named.panel.connector)
    request = await view_for_panel(host, record, named.panel.needs, keeper, shown, viewer)
    lent = await lent_to(host, "panels", named.origin, keeper, SECONDS)
    name = scope_name(named.origin.name, "panels", named.panel.code)
    search = Search(name=name, noun=named.panel, town=record.jurisdiction, besides=record.id, viewer=viewer)
    return request, structs.replace(lent, finder=finder_for(host, search))


async def view_for_panel(
    host: Host, record: Record, needs: Collection[PanelNeed], remembered_by: str, shown: RequestView, viewer: Viewer
) -> ServiceRequest:
    """The request for a panel with these needs; `shown` is what the person who looks sees of it.

    Requesters open their request by links that are on nobody else's page: none of them is among it.
    """
    known = await request_for(host, record, tuple(needs), remembered_by=remembered_by)
    contact = shown.contact if "contact" in needs else None
    numbers = known.external_references
    return structs.replace(
        known,
        channel=shown.channel,
        promised_at=known.promised_at and shown.promised_at,
        unit=shown.unit,
        place=shown.place,
        answers={code: value for code, value in known.answers.items() if code in shown.answers},
        requester=contact,
        parties=(),
        followers=(),
        attachments=await _seen(host, record, known, viewer),
        external_references=numbers if viewer.is_staff else {k: v for k, v in numbers.items() if k == remembered_by},
        tracking_url="",
        view_url="",
        stop_url="",
        short_url="",
        short_stop_url="",
        settled_url="",
        mail_returns=known.mail_returns and contact is not None,
        unconfirmed=known.unconfirmed and contact is not None,
        stopped=known.stopped and contact is not None,
    )


async def _seen(host: Host, record: Record, known: ServiceRequest, viewer: Viewer) -> tuple[Attachment, ...]:
    if not known.attachments:
        return ()
    seen = {each.attachment.id for each in await files_reaching(viewer, record, host.jurisdictions)}
    return tuple(each for each in known.attachments if each.id in seen)
