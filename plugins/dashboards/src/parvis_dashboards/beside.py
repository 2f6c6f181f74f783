"""The figures of other modules beside those of requests: each says what it counts, and is counted and drawn here."""

from parvis.access_scope import Scope
from parvis.jurisdictions import Jurisdiction
from parvis.requests.host import Host
from parvis.requests.lists.module_figures import Figure, counted
from parvis.selection import Period
from parvis_dashboards.figures import Narrow, narrowed


async def counted_beside(
    host: Host, town: Jurisdiction, scope: Scope, period: Period, narrow: Narrow
) -> tuple[tuple[Figure, int], ...]:
    """Those of the modules that the town has, in their order; one statement, none where they count nothing."""
    figures = host.modules.figures(town)
    numbers = await counted([(each, narrowed(scope, narrow, each.units)) for each in figures], period)
    return tuple(zip(figures, numbers, strict=True))
