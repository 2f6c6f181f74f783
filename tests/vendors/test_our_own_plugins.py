"""Our own plugins on the quality scale: exemplary, or there is a reason that stands here."""

from importlib.metadata import entry_points

import pytest

from parvis_sdk.testing.rating import evidence_of, rate

WHY_NOT = {
    "hosted_payments": {"secrets": "its stand-in of a payment page is a command of its own, and reads its environment"},
    "permits": {"messages": "that a file is taken up again is the host’s sentence, the same for every permit"},
    "reports": {"messages": "that an operation goes on is the host’s sentence, the same for every operation"},
}
"""By plugin and rule: why it is not kept."""


def own_plugins():
    """The entry points of plugins that stand on the sdk alone, of this repository."""
    for point in sorted(entry_points(group="parvis"), key=lambda each: each.name):
        if not any(each.group == "parvis.modules" for each in point.dist.entry_points):
            yield point


@pytest.mark.parametrize("point", [*own_plugins()], ids=lambda point: point.name)
def test_our_own_plugins_are_exemplary_or_say_why_not(point, pytestconfig):
    folder = pytestconfig.rootpath / "plugins" / point.name
    report = rate(evidence_of(point.name, point.load(), point.dist, folder=folder))
    broken = {each.code: each.why for each in report.rules if each.found == "broken"}
    assert broken.keys() == WHY_NOT.get(point.name, {}).keys(), broken
    assert report.level == ("exemplary" if not broken else report.level)
    assert report.level
    assert {each.code for each in report.unseen} <= {"contract"}


def test_every_reason_is_of_a_plugin_that_is_there():
    assert {*WHY_NOT} <= {point.name for point in own_plugins()}
