"""What holds for every module holds for registers of access."""

from parvis_testing.desk import said
from parvis_testing.module_contract import ModuleContract
from parvis_testing.modules import switch


class TestRegisters(ModuleContract):
    name = "registers"
    opened_by = {
        ("GET", "/bureau/renseignements-consultes"): {"privacy"},
        ("GET", "/bureau/renseignements-consultes/en-direct"): {"privacy"},
    }


async def test_where_it_is_off_nothing_leads_to_its_pages_and_the_log_of_one_request_stays(desk):
    manager, record = await desk.signed_in("manager"), await desk.request("hole")
    await switch(desk.host, "off", "registers")
    officer = await desk.signed_in("privacy", name="Renée Privé")
    assert said("Access to confidential information") not in (await officer.get("/bureau/compte")).text
    assert (await officer.get("/bureau/renseignements-consultes")).status_code == 404
    assert (await manager.get(f"/bureau/requete/{record.reference}/consultations")).status_code == 200
