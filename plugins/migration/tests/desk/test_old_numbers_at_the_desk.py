"""At the desk the number of the old system opens its request at once, as a reference does."""

from parvis.db import insert_values, transaction
from parvis_migration.origins import key_of, sought_as
from parvis_migration.tables import MigrationOrigin


async def came_as(desk, record, number):
    """This request had that number in another system."""
    town = desk.host.jurisdictions.jurisdiction("parvis")
    row = {
        **{"key": key_of(town, "gestion-311", number), "request": record.id, "batch": record.id},
        **{"jurisdiction": town.code, "source": "gestion-311", "number": number, "sought": sought_as(number)},
        **{"fingerprint": "", "version": 0, "submitted_at": record.submitted_at, "closed_at": None},
    }
    async with transaction(desk.host.engine):
        await insert_values(MigrationOrigin, row)


async def test_the_old_number_opens_its_request_for_those_who_see_it(desk):
    record = await desk.request(unit="parks")
    await came_as(desk, record, "V-00003")
    clerk, elsewhere = await desk.signed_in("agent", "parks"), await desk.signed_in("agent", "lighting")
    for typed in ("V-00003", "v00003", "v 00003"):
        await clerk.get(f"/bureau?q={typed}")
        assert clerk.page.url.path == f"/bureau/requete/{record.reference}", typed
    await elsewhere.get("/bureau?q=V-00003")
    assert elsewhere.page.url.path == "/bureau"
