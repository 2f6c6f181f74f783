"""The dog licence keeps the contract of every plugin, and is as short as the sdk promises."""

import importlib
import sys
from pathlib import Path

from parvis_sdk.testing import Desk, PluginContract
from parvis_sdk.workflow import Denied

FILE = Path(__file__).parent / "dog_licence.py"
sys.path.append(str(FILE.parent))  # as a vendor's own package is found
dog_licence = importlib.import_module("dog_licence")


class TestDogLicence(PluginContract):
    plugin = dog_licence


def test_it_is_one_file_of_less_than_120_lines_that_knows_the_sdk_alone():
    source = FILE.read_text()
    assert len(source.splitlines()) < 120
    imported = {line.split()[1].split(".")[0] for line in source.splitlines() if line.startswith(("from ", "import "))}
    assert imported == {"datetime", "decimal", "parvis_sdk"}


RAW = {
    "answers": {"dog": "Filou", "guide_dog": "non", "vaccine_until": "2027-12-31"},
    "requester": {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.com"},
}


async def test_no_licence_is_issued_unpaid_whoever_asks():
    desk = Desk(dog_licence)
    case = await desk.submit("dog_licence", RAW)
    for by in ("agent", "manager", "requester"):
        assert isinstance(await desk.move(case, "issue", by=by), Denied)
    await desk.wait(days=30)
    assert (case.state, desk.documents(case)) == ("received", ())
    await desk.pay(case, "first")
    assert (case.state, desk.documents(case)[0].number) == ("licensed", "CH-2026-00001")


async def test_a_guide_dog_costs_nothing_and_is_licensed_at_once():
    desk = Desk(dog_licence)
    case = await desk.submit("dog_licence", RAW | {"answers": RAW["answers"] | {"guide_dog": "oui"}})
    assert (case.state, desk.charges(case)[0].state) == ("licensed", "paid")


async def test_a_licence_is_renewed_for_a_fee_each_year():
    desk = Desk(dog_licence)
    case = await desk.submit("dog_licence", RAW)
    await desk.pay(case, "first")
    assert isinstance(await desk.move(case, "renew", by="requester"), Denied)
    await desk.wait(days=320)
    await desk.move(case, "renew", by="requester")
    assert case.state == "renewing"
    await desk.pay(case, "again")
    assert (case.state, case.held["licence"].renewals) == ("licensed", 1)
