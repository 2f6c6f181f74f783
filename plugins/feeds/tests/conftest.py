"""A town whose requests other tools read, one type of them roughly placed."""

import pytest
from msgspec import structs

from parvis.plugins import DiscoveredPlugin
from parvis_sdk.request_types import PlaceRule
from parvis_sdk.text import Text
from parvis_testing.api import *
from parvis_testing.modules import only
from parvis_testing.town import *
from parvis_testing.town import HOLE, QUARREL, plugin_of

HIDDEN = structs.replace(
    HOLE,
    code="hidden",
    title=Text(fr="Cachette", en="Hiding place"),
    slug=Text(fr="cachette", en="hiding-place"),
    place=PlaceRule(precision=200),
)


@pytest.fixture(scope="session")
def modules():
    return only("feeds", "public_requests", "dashboards")


@pytest.fixture(scope="session")
def town_plugin():
    return DiscoveredPlugin.of("town", plugin_of(HOLE, QUARREL, HIDDEN))


@pytest.fixture
def placed(api):
    """Files a request at a place."""

    async def file(lon=-73.5807, lat=45.5236, address="1234, rue Rachel Est", **given):
        return (await api.filed(place={"lon": lon, "lat": lat, "address": address}, **given))["reference"]

    return file
