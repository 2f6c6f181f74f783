"""A town with public requests, some with an approximate place."""

import pytest
from msgspec import structs

from parvis.app import create_app
from parvis.example_towns import town_folder
from parvis.plugins import DiscoveredPlugin
from parvis.requests.request_service import RequestService
from parvis.settings import Settings
from parvis_sdk.request_types import PlaceRule
from parvis_sdk.text import Text
from parvis_testing.portal import SECRET
from parvis_testing.services import HOLE, NOISE, plugin_of
from parvis_testing.visitors import HOST

ROUGH = structs.replace(
    HOLE,
    code="rough",
    title=Text(fr="Cachette", en="Hiding place"),
    slug=Text(fr="cachette", en="hiding-place"),
    place=PlaceRule(precision=200),
)


@pytest.fixture(scope="module")
def whole_app(compiled_templates, modules):
    """A town with a type whose public places are approximate."""
    settings = Settings(
        territory=town_folder(), secret_key=SECRET, base_url=HOST, data=compiled_templates, worker=False
    )
    return create_app(settings, [DiscoveredPlugin.of("town", plugin_of(HOLE, NOISE, ROUGH))], modules=modules)


@pytest.fixture
async def submit(host, visitor):
    """Files requests through the portal; `visitor` keeps the application open."""

    async def submitted(type="hole", lon=-73.5807, lat=45.5236, address="470, avenue du Mont-Royal Est", **given):
        answers = {"words": "Une scie, mot secret."} if type == "din" else {"size": "small", "danger": False}
        raw = {
            "language": "fr",
            "answers": answers,
            "place": {"lon": lon, "lat": lat, "address": address},
            "requester": {
                "mode": "confidential" if type == "din" else "named",
                "name": "Zoé Côté",
                "email": "zoe@exemple.ca",
                "phone": "514 555-0101",
            },
        }
        return await RequestService(host).submit("parvis", type, raw | given, channel="portal")

    return submitted
