"""What panels of plugins show of a request: asked side by side, each on its own thread, all within one limit.

Nothing is asked of the database where no panel is for who looks.
"""

from functools import partial

from msgspec import Struct, structs

from parvis.plugins.registry import NamedPanel
from parvis.requests.asked_plugins import Question, asked, keeper_of, lent_to
from parvis.requests.host import Host
from parvis.requests.panel_views import view_for_panel
from parvis.requests.records import Record
from parvis.requests.scope_keeper import Search, finder_for, scope_name
from parvis.requests.visibility import RequestView, Viewer
from parvis_sdk.connectors import Connection
from parvis_sdk.contents import Content
from parvis_sdk.panels import SECONDS, Viewers
from parvis_sdk.requests import ServiceRequest

VIEWERS: dict[str, Viewers] = {"public": "public", "holder": "requester"}


class PanelAnswer(Struct, frozen=True, kw_only=True):
    """One panel, and what it shows of this request; or that it is missing."""

    panel: NamedPanel
    contents: tuple[Content, ...] = ()
    is_missing: bool = False


async def asked_panels(host: Host, record: Record, shown: RequestView, viewer: Viewer) -> tuple[PanelAnswer, ...]:
    """The panels that have something to show to who looks, in the order of their names, and those that should have."""
    panels = panels_here(host, record, viewer)
    questions = [_question(host, each, record, shown, viewer) for each in panels]
    said = await asked(host, questions)
    answers = [
        PanelAnswer(panel=panel, contents=said[question.name] or (), is_missing=said[question.name] is None)
        for panel, question in zip(panels, questions, strict=True)
    ]
    return tuple(each for each in answers if each.contents or each.is_missing)


def panels_here(host: Host, record: Record, viewer: Viewer) -> tuple[NamedPanel, ...]:
    """The panels for who looks; none of a request whose person was erased.

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
