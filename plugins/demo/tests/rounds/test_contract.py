"""What Parvis asks of every plugin, of the one of the demo: with its crews, and without any."""

import msgspec

from parvis_demo.of_crews import CREWS
from parvis_demo.rounds import hooks
from parvis_demo.rounds.settings import Settings
from parvis_sdk.pages import Kept
from parvis_sdk.testing import PluginContract

SETTINGS = msgspec.convert(CREWS, Settings)
PLANNED = {"crew": "ch", "day": "2026-12-01", "number": "CH-1201", "near": ["7K3M-9QXT-4"]}


class TestRoadCrews(PluginContract):
    plugin = hooks
    settings = SETTINGS
    of_others = SETTINGS.types

    def remembered_of_requests(self, page):
        return (Kept(reference="7K3M-9QXT-4", remembered=PLANNED), Kept(reference="7K3M-9QXT-5", remembered={}))


class TestWithoutCrews(PluginContract):
    plugin = hooks
    settings = Settings()


def test_without_crews_nothing_is_declared():
    for hook in (hooks.subscriptions, hooks.panels, hooks.pages, hooks.endpoints):
        assert hook(Settings()) == []
