"""What a request type divides by itself, one request for each owner, is merged with nothing."""

from parvis.requests.visibility import Reach, Viewer
from parvis_merging.merging import merge
from parvis_sdk.workflow import Denied
from parvis_testing.lamps import ANA, report


async def test_neither_a_whole_nor_a_part_is_merged(lit):
    town = lit()
    whole, parts = await report(town, "A1", "B1")
    other, _ = await report(town, "A1")
    viewer = Viewer(
        kind="agent", id="ana", reaches=(Reach(permissions=frozenset({"see", "work"}), jurisdiction=town.code),)
    )
    for each in (whole, parts[0]):
        refused = await merge(town.host, viewer, each.reference, other.reference, actor=ANA)
        assert isinstance(refused, Denied)
