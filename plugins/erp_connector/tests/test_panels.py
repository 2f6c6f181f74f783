"""The page of a request shows its work order: all that is known at the desk, its number to the requester."""

import pytest
from msgspec import structs

from parvis_erp_connector.panels import OrderPanels
from parvis_erp_connector.settings import WorkOrders
from parvis_sdk.contents import Amount, Facts, Words
from parvis_sdk.requests import Phase
from parvis_sdk.testing.panels import shown_by

from .test_orders import HOLES, SUBMITTED, Desk

ORDERS = WorkOrders(name="orders", system="tryton", mappings=(HOLES,))
AT_DESK, OF_REQUESTER = OrderPanels(settings=ORDERS, types=("pothole",)).panels()


def said(contents) -> dict:
    return {row.label.en: row.value for each in contents if isinstance(each, Facts) for row in each.rows}


@pytest.fixture
def here(ledger, lent, asked):
    return Desk(ledger, lent, asked)


@pytest.fixture
def request_with(asked):
    def made(here, **given):
        return asked(remembered=dict(here.kept), **given)

    return made


async def test_a_request_without_an_order_has_no_panel(here, request_with):
    for panel in (AT_DESK, OF_REQUESTER):
        assert await shown_by(panel, request_with(here)) == ()


async def test_the_desk_reads_number_system_state_and_cost(here, request_with):
    await here.hear(SUBMITTED)
    assert said(await shown_by(AT_DESK, request_with(here))) == {"Work order": "WO-1", "System": "tryton"}
    here.kept[f"told:{here.kept['order']['id']}"] = ["begun", "120.5", "x"]
    told = said(await shown_by(AT_DESK, request_with(here)))
    assert told == {
        "Work order": "WO-1",
        "System": "tryton",
        "State in that system": "begun",
        "Cost": Amount(cents=12050),
    }


async def test_the_requester_reads_the_number_while_the_work_is_ahead(here, request_with):
    await here.hear(SUBMITTED)
    contents = await shown_by(OF_REQUESTER, request_with(here))
    assert said(contents) == {"Work order": "WO-1"}
    assert [each.text.en for each in contents if isinstance(each, Words)] == ["The work has been assigned to a crew."]
    assert await shown_by(OF_REQUESTER, request_with(here, phase=Phase.CLOSED)) == ()
    here.kept[f"ended:{here.kept['order']['id']}"] = True
    assert await shown_by(OF_REQUESTER, request_with(here)) == ()
    assert "The work order is closed." in [
        each.text.en for each in await shown_by(AT_DESK, request_with(here)) if isinstance(each, Words)
    ]


def test_a_town_may_keep_it_for_the_desk():
    kept = structs.replace(ORDERS, shown_to_requester=False)
    assert [each.shown_to for each in OrderPanels(settings=kept).panels()] == [("desk",)]
