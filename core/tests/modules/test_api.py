"""API operations that a module brings: described and answered beside those of the core, and named as its own."""

import pytest
from msgspec import structs

from parvis.api.routing import OPERATIONS, every_operation
from parvis.app import create_app
from parvis.example_towns import town_folder
from parvis.modules import NO_MODULES, registry_of
from parvis.settings import Settings
from parvis.switches.deciding import decide
from parvis_testing.api import calling


@pytest.fixture
def tide_with_api(tide, written):
    """The module that notes tides, with an operation that lists them and one that notes one more."""
    written(
        "parvis_tide/api.py",
        '''
        """Tides by the API."""

        from msgspec import Struct

        from parvis.api.calls import Access, Call, Edit, Given, text_in
        from parvis.api.operations import WHOLE, operation


        class TideShape(Struct, frozen=True, kw_only=True):
            """How high the water stands."""

            height: str


        class NewTide(Struct, frozen=True, kw_only=True):
            """How high somebody saw it."""

            height: str


        @operation("GET /tides", "How high the water stands", query={"limit": WHOLE}, tag="tides")
        async def list_tides(call: Given[Call]) -> list[TideShape]:
            return [TideShape(height=call.town.code)]


        @operation(
            "POST /requests/{reference}/tides",
            "Note a tide on a request",
            body=NewTide,
            scope="requests:write",
            rights=("work",),
            tag="tides",
        )
        async def note_tide(edit: Given[Edit]) -> TideShape:
            return TideShape(height=f"{edit.record.type} {text_in(edit.body, 'height')}")
        ''',
    )
    return structs.replace(tide, module=structs.replace(tide.module, api="parvis_tide.api"))


@pytest.fixture
async def api(tide_with_api, database_url, tmp_path, town_plugin):
    settings = Settings(
        territory=town_folder(), secret_key="s" * 40, data=tmp_path, database=database_url, worker=False
    )
    tideless = structs.replace(tide_with_api, module=structs.replace(tide_with_api.module, tables="", steps=""))
    async with calling(create_app(settings, plugins=[town_plugin], modules=registry_of([tideless]))) as api:
        yield api


def test_each_operation_carries_its_owner_and_the_core_has_none(tide_with_api):
    assert every_operation(NO_MODULES) == OPERATIONS
    assert {each.owner for each in OPERATIONS} == {""}
    brought = every_operation(registry_of([tide_with_api]))[len(OPERATIONS) :]
    assert [(each.id, each.owner, each.rights) for each in brought] == [
        ("list_tides", "tide", ()),
        ("note_tide", "tide", ("work",)),
    ]


async def switch(api, state):
    board = api.host.modules
    await decide(api.host.engine, board, jurisdiction="parvis", module="tide", state=state, by="Ana", why="")


async def test_where_it_is_off_there_is_no_such_operation_and_none_is_described(api):
    assert (await api.get("/tides")).status_code == 404
    assert "/tides" not in (await api.get("/openapi.json")).json()["paths"]
    await switch(api, "on")
    assert (await api.get("/tides")).status_code == 200
    await switch(api, "off")
    assert (await api.get("/tides")).status_code == 404


async def test_an_operation_of_a_module_is_answered_described_and_guarded_as_any_other(api):
    await switch(api, "on")
    assert (await api.get("/tides")).json() == [{"height": "parvis"}]
    (unknown,) = (await api.get("/tides", high="1")).json()["errors"]
    assert unknown["code"] == "unknown_parameter"
    told = (await api.get("/openapi.json")).json()
    assert told["paths"]["/tides"]["get"]["tags"] == ["tides"]
    assert told["components"]["schemas"]["TideShape"]["description"] == "How high the water stands."
    receipt = await api.filed()
    path, sent = f"/requests/{receipt['reference']}/tides", {"height": "3 m"}
    assert (await api.post(path, sent)).status_code == 401
    assert (await api.post(path, sent, await api.token("requests:read"))).status_code == 403
    assert (await api.post(path, sent, await api.token("requests:write"))).status_code == 403
    writer = await api.token("requests:read", "requests:write")
    answer = await api.post(path, sent, writer)
    assert (answer.status_code, answer.json()) == (200, {"height": "hole 3 m"})
    assert (await api.post(path, {}, writer)).status_code == 422
