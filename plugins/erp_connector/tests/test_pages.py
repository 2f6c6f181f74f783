"""The page of all work orders: numbers, requests, states and costs, as the filters leave them."""

import pytest

from parvis_erp_connector.pages import OrderPage
from parvis_erp_connector.settings import WorkOrders
from parvis_sdk.contents import Amount, RequestReference
from parvis_sdk.pages import Kept
from parvis_sdk.testing.pages import shown_on

from .test_orders import HOLES

PAGE = OrderPage(settings=WorkOrders(name="orders", system="tryton", mappings=(HOLES,))).page()
FIRST, SECOND, OTHER = "7K3M-9QXT-4", "8K3M-9QXT-5", "9K3M-9QXT-6"


def order(id: str, **more):
    return {"order": {"id": id, "number": f"WO-{id}", "to": "project.work", "type": "pothole"}, **more}


KEPT = (
    Kept(reference=SECOND, remembered=order("2", **{"told:2": ["begun", "120.5", "x"]})),
    Kept(reference=FIRST, remembered=order("1", **{"told:1": ["done", "0", "x"], "ended:1": True})),
    Kept(reference=OTHER, remembered={"due": True}),
)


async def rows(typed=None):
    contents = await shown_on(PAGE, typed, kept=KEPT)
    return contents[0].rows[0].value, contents[1].rows


async def test_a_town_without_orders_has_an_empty_page():
    assert await shown_on(PAGE) == ()


async def test_each_order_stands_there_with_its_request_and_what_was_last_told():
    count, (second, first) = await rows()
    assert count == 1
    assert second[:3] == ("WO-2", RequestReference(reference=SECOND), "begun")
    assert (second[3], second[4].en) == (Amount(cents=12050), "Open")
    assert (first[0], first[3], first[4].en) == ("WO-1", "–", "Closed")


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ({"situation": "open"}, ["WO-2"]),
        ({"situation": "over"}, ["WO-1"]),
        ({"number": "wo-1"}, ["WO-1"]),
        ({"situation": "open", "number": "wo-1"}, []),
    ],
)
async def test_filters_leave_what_they_say(typed, numbers):
    count, left = await rows(typed)
    assert [row[0] for row in left] == numbers
    assert count == 1
