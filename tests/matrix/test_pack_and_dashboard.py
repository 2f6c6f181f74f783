"""The dashboard leads to the auditor’s pack, else the menu: two modules that do not know one another."""

import pytest

from parvis.app import create_app
from parvis_testing.desk import running
from parvis_testing.modules import only, switch

FIGURES, PACK = "/bureau/tableau", "/bureau/tableau/verification"


@pytest.fixture
async def desk(settings):
    async with running(create_app(settings, modules=only("audit_pack", "dashboards"))) as desk:
        await switch(desk.host, "on")
        yield desk


async def test_whoever_may_audit_is_led_to_the_pack_and_back(desk):
    auditor, manager = await desk.signed_in("auditor"), await desk.signed_in("manager", "roads", name="Luc Roy")
    assert PACK in (await auditor.get(FIGURES)).text
    assert f'href="{FIGURES}"' in (await auditor.get(PACK)).text
    assert f'href="{PACK}"' not in (await auditor.get("/bureau")).text
    assert (await manager.get(FIGURES)).status_code == 200


async def test_where_one_is_off_nothing_leads_there(desk):
    auditor = await desk.signed_in("auditor")
    await switch(desk.host, "off", "audit_pack")
    assert PACK not in (await auditor.get(FIGURES)).text
    await switch(desk.host, "on", "audit_pack")
    await switch(desk.host, "off", "dashboards")
    assert f'href="{FIGURES}"' not in (await auditor.get(PACK)).text
    assert f'href="{PACK}"' in (await auditor.get("/bureau")).text
