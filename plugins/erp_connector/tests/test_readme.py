"""The README tells of the plugin as it is."""

import tomllib
from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from parvis_erp_connector import plugin
from parvis_erp_connector.dialects import DIALECTS
from parvis_erp_connector.port import Work
from parvis_erp_connector.settings import Invoices, ItemBooking, Settings, System, WorkOrders

ROOM = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def readme():
    return (ROOM / "README.md").read_text(encoding="utf-8")


def test_its_settings_make_the_connectors_that_it_tells_of(readme):
    said = tomllib.loads(readme.partition("```toml\n")[2].partition("```")[0])
    settings = msgspec.convert(said["plugins"]["erp_connector"], Settings)
    orders, bills = plugin.connectors(settings)
    assert (orders.name, orders.types, orders.towns, orders.needs) == ("work_orders", ("pothole",), ("parvis",), ())
    assert (bills.name, bills.types, bills.needs) == ("invoices", ("sign",), ("fees", "contact"))
    assert {system.kind for system in settings.systems.values()} == set(DIALECTS)


def test_it_names_every_setting(readme):
    table = readme.partition("| setting | means |")[2].partition("\n\n")[0]
    kinds = (Settings, System, WorkOrders, Invoices, ItemBooking, Work)
    names = {field.name for kind in kinds for field in structs.fields(kind)} - {"mappings"}
    assert {name for name in names if f"`{name}`" not in table} == set()


def test_it_names_every_module(readme):
    modules = {path.name for path in (ROOM / "src/parvis_erp_connector").glob("*.py")} - {"__init__.py"}
    assert {name for name in modules if f"`{name}`" not in readme} == set()
