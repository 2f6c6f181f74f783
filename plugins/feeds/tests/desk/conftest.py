"""The desk of a town whose people read their due dates and inspections in a calendar of their own."""

import pytest
from msgspec import structs

from parvis.plugins import DiscoveredPlugin
from parvis_sdk.inspections import Inspection, Point
from parvis_sdk.text import Text
from parvis_testing.desk import *
from parvis_testing.modules import only
from parvis_testing.town import *
from parvis_testing.town import HOLE, QUARREL, plugin_of

FOOTING = Inspection(
    code="footing",
    title=Text(fr="Semelles", en="Footings"),
    points=(Point(code="drain", title=Text(fr="Drain", en="Drain")),),
)
SITE = structs.replace(
    HOLE,
    code="site",
    title=Text(fr="Chantier", en="Building site"),
    slug=Text(fr="chantier", en="building-site"),
    identity=structs.replace(HOLE.identity, modes=("named", "confidential")),
    workflow=structs.replace(
        HOLE.workflow,
        states=tuple(
            structs.replace(state, brings=("inspection.footing.wanted",)) if state.code == "working" else state
            for state in HOLE.workflow.states
        ),
    ),
    parts=(FOOTING,),
)


@pytest.fixture(scope="session")
def modules():
    return only("feeds", "inspections")


@pytest.fixture(scope="session")
def town_plugin():
    return DiscoveredPlugin.of("town", plugin_of(HOLE, QUARREL, SITE))
