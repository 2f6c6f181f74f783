"""The figures of work orders: what is open now, what those of the period cost, and how they stand."""

from datetime import timedelta

import pytest

from parvis_erp_connector.figures import OrderFigures
from parvis_erp_connector.settings import WorkOrders
from parvis_sdk.contents import Amount
from parvis_sdk.figures import CountedRequest
from parvis_sdk.pages import Kept
from parvis_sdk.requests import Phase
from parvis_sdk.testing.figures import counted_by
from parvis_sdk.testing.town import MORNING

from .test_orders import HOLES
from .test_pages import KEPT, order

FIGURES = {
    each.code: each
    for each in OrderFigures(
        settings=WorkOrders(name="orders", system="tryton", mappings=(HOLES,), towns=("parvis",))
    ).figures()
}
LONG_AGO = CountedRequest(
    reference="AK3M-9QXT-7",
    type="pothole",
    phase=Phase.IN_PROGRESS,
    submitted_at=MORNING - timedelta(days=400),
    remembered=order("4", **{"told:4": ["begun", "1000", "x"]}),
)
ANOTHER = Kept(reference="BK3M-9QXT-8", remembered=order("3", **{"told:3": ["begun", "79.5", "x"]}))
KNOWN = (*KEPT, ANOTHER, LONG_AGO)


@pytest.mark.parametrize("code", FIGURES)
async def test_a_town_without_orders_has_nothing_to_tell(code):
    assert not await counted_by(FIGURES[code])


async def test_orders_are_open_whenever_their_requests_came():
    assert await counted_by(FIGURES["orders-open"], requests=KNOWN) == 3


async def test_works_cost_what_was_last_said_of_those_of_the_period():
    assert await counted_by(FIGURES["orders-cost"], requests=KNOWN) == Amount(cents=20000)


async def test_orders_of_the_period_are_told_by_their_state_with_their_cost():
    table = await counted_by(FIGURES["orders-states"], requests=KNOWN)
    assert table.rows == (("begun", 2, Amount(cents=20000)), ("done", 1, Amount(cents=0)))


def test_they_stand_in_the_towns_of_the_connector_and_say_whose_system_it_is():
    for each in FIGURES.values():
        assert (each.towns, each.connector) == (("parvis",), "orders")
        assert "tryton" in each.title.fr
        assert "tryton" in each.explanation.en
