"""What plugins show on pages, drawn from their data by templates of the host: the boxes on the page of one request."""

from collections.abc import Iterable, Mapping

from parvis.requests.asked_panels import PanelAnswer, asked_panels
from parvis.requests.host import Host
from parvis.requests.records import Record, records_of
from parvis.requests.visibility import PUBLIC, RequestView, Viewer, sees
from parvis.web.desk.context import case_path
from parvis.web.panels import Panel
from parvis_sdk.contents import Content, references_in

TEMPLATE = "parts/plugin_panel.html"
Drawn = list[tuple[str, Content]]


async def plugin_panels(host: Host, record: Record, shown: RequestView, viewer: Viewer) -> tuple[Panel, ...]:
    """The panels with something to show to the viewer, and a box for each that did not answer in time."""
    answers = await asked_panels(host, record, shown, viewer)
    links = await request_links(host, record.jurisdiction, viewer, (each.contents for each in answers))
    return tuple(_box(each, links, names_plugin=viewer.is_staff) for each in answers)


def drawn_as(contents: Iterable[Content]) -> Drawn:
    """Contents as the macro `drawn` takes them: each after the name of its noun."""
    return [(type(each).__name__, each) for each in contents]


async def request_links(
    host: Host, jurisdiction: str, viewer: Viewer, shown: Iterable[tuple[Content, ...]]
) -> Mapping[str, str]:
    """The path at the desk of each request that contents name and the viewer may see, by its reference; empty for
    those who read its public page. One statement, and none where they name no request.
    """
    looking = viewer if viewer.is_staff else PUBLIC
    return {
        each.reference: case_path(each.reference) if looking.is_staff else ""
        for each in await records_of(frozenset[str]().union(*map(references_in, shown)))
        if each.jurisdiction == jurisdiction and sees(looking, each, host.jurisdictions)
    }


def _box(answer: PanelAnswer, links: Mapping[str, str], *, names_plugin: bool) -> Panel:
    named = answer.panel
    return Panel(
        template=TEMPLATE,
        values={
            "id": f"plugin-{named.origin.name}-{named.panel.code}",
            "called": named.panel.title,
            "contents": drawn_as(answer.contents),
            "links": links,
            "missing": answer.is_missing,
            "plugin": named.origin.name if names_plugin else "",
        },
    )
