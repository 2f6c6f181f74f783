"""Once a day what stands in the ERP is compared: what no poll brought comes in as the news that it would have been."""

from datetime import time, timedelta

import pytest
from msgspec import structs

from parvis_erp_connector import plugin
from parvis_erp_connector.comparing import Comparison
from parvis_erp_connector.settings import Settings, System, WorkOrders
from parvis_sdk.chores import Daily
from parvis_sdk.testing.chores import done_by

from .conftest import REFERENCE
from .test_orders import HOLES, SUBMITTED, Desk


@pytest.fixture
def here(ledger, lent, asked):
    return Desk(ledger, lent, asked)


async def test_what_a_crew_did_and_no_poll_brought_is_taken_in_once(here, ledger, lent):
    await here.hear(SUBMITTED)
    ledger.put("1", state="done")
    compared = Comparison(connector="orders", listed=here.does.listed, at=time(4, 30), days=3).chore()
    later = structs.replace(lent, now=lent.now + timedelta(hours=6))
    done = await done_by(compared, connection=later)
    assert done.count == 1
    [update] = done.updates
    assert update.reference == REFERENCE


def test_each_connector_that_names_an_hour_is_compared_then():
    system = System(kind="tryton", address="https://erp.example/ville", login="parvis", company="1")
    orders = WorkOrders(name="orders", system="works", mappings=(HOLES,), compare_at=time(4, 30), towns=("a", "b"))
    other = WorkOrders(name="others", system="works", mappings=(HOLES,))
    settings = Settings(systems={"works": system}, secrets={"works": "s"}, work_orders=(orders, other))
    [chore] = plugin.chores(settings)
    assert (chore.code, chore.turns, chore.towns) == ("compare_orders", Daily(at=time(4, 30)), ("a",))
