"""What of other systems needs an operator, on the overview."""

from parvis.i18n import ngettext
from parvis.web.operators.context import OperatorContext
from parvis.web.operators.overview import Concern
from parvis_connectors.operators.unmatched_updates import STRAYS, may_settle
from parvis_connectors.unmatched_updates import count_open


async def count(room: OperatorContext) -> int:
    """The number of updates waiting that the viewer finds on the page."""
    return sum(many for name, many in (await count_open()).items() if may_settle(room, name))


NEWS = Concern(
    slot="operators.overview",
    name="connectors",
    count=count,
    words=lambda many: ngettext("%(num)s unmatched update", "%(num)s unmatched updates", many) % {"num": many},
    href=STRAYS,
)
