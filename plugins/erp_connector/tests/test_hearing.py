"""The ERP says that something changed: it is asked at once, and nothing that the call says is believed."""

import pytest

from parvis_erp_connector import plugin
from parvis_erp_connector.settings import Settings, System, WorkOrders
from parvis_sdk.testing.endpoints import answered_by, mistakes_of_endpoint

from .test_orders import HOLES

SECRET = "whsec_" + "c2VjcmV0" * 6


def settings_with(**secrets):
    system = System(kind="tryton", address="https://erp.example/ville", login="parvis", company="1")
    orders = (WorkOrders(name="orders", system="works", mappings=(HOLES,)),)
    return Settings(systems={"works": system}, secrets={"works": "s"}, work_orders=orders, call_secrets=secrets)


async def test_whatever_it_says_news_is_asked_for():
    [endpoint] = plugin.endpoints(settings_with(**{"orders@parvis": SECRET}))
    assert endpoint.code == endpoint.connector == "orders"
    assert endpoint.auth.secrets("parvis") == (SECRET,)
    assert endpoint.auth.secrets("rivemont") == ()
    for body in ({"order": "104"}, b"\xff", None):
        answer = await answered_by(endpoint, body)
        assert (answer.status, answer.ask_for_news, answer.updates) == (202, True, ())
    assert mistakes_of_endpoint(endpoint) == []


def test_without_a_secret_nobody_may_call():
    assert plugin.endpoints(settings_with()) == []


@pytest.mark.parametrize("name", ["orders", "invoices@parvis"])
def test_a_secret_without_a_town_or_of_no_connector_is_refused(name):
    with pytest.raises(ValueError, match="is no connector and town, such as 'orders@ville'"):
        settings_with(**{name: SECRET})
