"""The boxes of plugins on the page of one request, drawn from their data by templates of the host."""

from parvis.requests.asked_panels import PanelAnswer, asked_panels
from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis.requests.visibility import RequestView, Viewer
from parvis.web.panels import Panel

TEMPLATE = "parts/plugin_panel.html"


async def plugin_panels(host: Host, record: Record, shown: RequestView, viewer: Viewer) -> tuple[Panel, ...]:
    """Those that have something to show to who looks, and a box for each that should have and could not in time."""
    return tuple(_box(each, names_plugin=viewer.is_staff) for each in await asked_panels(host, record, shown, viewer))


def _box(answer: PanelAnswer, *, names_plugin: bool) -> Panel:
    named = answer.panel
    return Panel(
        template=TEMPLATE,
        values={
            "id": f"plugin-{named.origin.name}-{named.panel.code}",
            "called": named.panel.title,
            "contents": [(type(each).__name__, each) for each in answer.contents],
            "missing": answer.is_missing,
            "plugin": named.origin.name if names_plugin else "",
        },
    )
