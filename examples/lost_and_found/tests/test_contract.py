from datetime import timedelta

from parvis_lost_and_found import plugin

from parvis_sdk.figures import CountedRequest
from parvis_sdk.requests import Phase
from parvis_sdk.testing import PluginContract
from parvis_sdk.testing.figures import counted_by
from parvis_sdk.testing.town import MORNING


def found(sort, days=0, state="kept"):
    return CountedRequest(
        reference=f"7K3M-9QXT-{days}",
        remembered={},
        type="found_thing",
        phase=Phase.IN_PROGRESS,
        submitted_at=MORNING - timedelta(days=days),
        state=state,
        answers={"sort": sort},
    )


THINGS = (found("bicycle"), found("bicycle", 95), found("bicycle", 3, "handed_back"), found("bag", 120, "disposed"))


class TestContract(PluginContract):
    plugin = plugin

    def remembered_of_requests(self, page):
        return THINGS


async def test_found_things_are_counted_by_kind():
    [figure] = plugin.figures()
    table = await counted_by(figure, requests=THINGS)
    assert [(kind.en, *counts) for kind, *counts in table.rows] == [("Bicycle", 2, 2)]
