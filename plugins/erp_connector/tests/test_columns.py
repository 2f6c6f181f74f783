"""The columns of a table of the ERP are listed, to write the mapping of values by."""

import pytest

from parvis_erp_connector import columns
from parvis_erp_connector.columns import Columns, lines_of
from parvis_erp_connector.settings import Settings, System
from parvis_sdk.errors import Refused
from parvis_sdk.mapping import Described
from parvis_sdk.testing.commands import ran_by

SETTINGS = Settings(
    systems={"works": System(kind="tryton", address="https://erp.example/ville", login="parvis", company="1")},
    secrets={"works": "s"},
)


@pytest.fixture
def there(ledger, monkeypatch):
    monkeypatch.setattr(columns, "opened", lambda settings, name: lambda connection: ledger)
    return Columns(SETTINGS).command()


async def test_each_column_is_a_line(there):
    ran = await ran_by(there, {"system": "works", "table": "orders"})
    assert (ran.code, ran.said[:2]) == (0, ("address", "cost"))


def test_a_line_says_what_may_stand_in_the_column():
    found = {
        "state": Described(kind="selection", required=True, codes=("open", "done")),
        "name": Described(kind="char", most=40),
        "id": Described(kind="integer", writable=False),
    }
    assert lines_of(found, writable=True) == ["name  char  ≤40", "state  selection  *  open done"]


async def test_a_system_that_is_not_in_the_settings_is_told_with_those_that_are(there):
    with pytest.raises(Refused, match="there is no system 'other'; there are works"):
        await ran_by(there, {"system": "other", "table": "orders"})
