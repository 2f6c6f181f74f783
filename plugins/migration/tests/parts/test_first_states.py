"""A type whose first state brings a fee and a visit about: what comes from the past owes and awaits nothing here."""

from datetime import date
from decimal import Decimal

from msgspec import structs

from parvis import clock
from parvis.db.tables import Clock, Delivery
from parvis.requests.history import entries_of
from parvis_fees.tables import Charge
from parvis_inspections.tables import Inspection as Visit
from parvis_migration.bringing import Order
from parvis_migration.importing import ImportedRequest, bring_in
from parvis_migration.origins import references_for
from parvis_migration.proposing import propose
from parvis_migration.running import run_through
from parvis_migration.sources import read_source
from parvis_sdk.fees import Fee
from parvis_sdk.fields import PUBLIC, Money
from parvis_sdk.forms import Form, Section
from parvis_sdk.inspections import Inspection, Point
from parvis_sdk.problems import Problems
from parvis_sdk.tariffs import Fixed, Tariff
from parvis_testing.town import HOLE, said

BRINGS = ("fee.study.due", "inspection.ground.wanted")
TARIFF = Tariff(
    since=date(2010, 1, 1),
    basis=said("Règlement 1"),
    lines=(Fixed(code="study", title=said("Étude"), amount=Decimal(50)),),
)
FIRST, *OTHERS = HOLE.workflow.states
DUG = structs.replace(
    HOLE,
    workflow=structs.replace(HOLE.workflow, states=(structs.replace(FIRST, brings=BRINGS), *OTHERS)),
    parts=(
        Fee(code="study", title=said("Étude"), tariffs=(TARIFF,)),
        Inspection(code="ground", title=said("Sol"), points=(Point(code="depth", title=said("Profondeur")),)),
    ),
)
ROWS = "number,type,state,submitted,closed\nP-1,Trou,Open,2016-03-04,\nP-2,Trou,Closed,2016-03-04,2016-03-09\n"


async def test_amounts_are_those_that_the_api_tells(town_of):
    cost = Money(code="cost", label=said("Coût"), privacy=PUBLIC, required=False)
    sections = (*HOLE.form.sections, Section(code="costs", title=said("Coûts"), fields=(cost,)))
    town = town_of(structs.replace(HOLE, form=Form(sections=sections)))
    there = town.host.jurisdictions.jurisdiction("parvis")
    past = ImportedRequest(key="1", type="hole", submitted_at=clock.now(), answers={"cost": 99_00})
    taken = await bring_in(town.host, there, "old", past)
    assert (await town.record(taken.reference)).answers["cost"] == 99_00
    refused = await bring_in(town.host, there, "old", structs.replace(past, key="2", answers={"cost": "99.00"}))
    assert isinstance(refused, Problems)
    assert [(each.path, each.code) for each in refused.found] == [("answers.cost", "cents")]


async def test_parts_of_the_first_state_are_brought_about_today_and_not_on_import(town_of, tmp_path):
    town = town_of(DUG)
    await town.submit()
    assert (await Charge.count(), await Visit.count()) == (1, 1)
    told = await Delivery.count()
    there = town.host.jurisdictions.jurisdiction("parvis")
    (tmp_path / "old.csv").write_text(ROWS, "utf-8")
    source = read_source(tmp_path / "old.csv")
    mapping = structs.replace(propose(town.host, there, source, "old").mapping, types={"*": "hole"})
    order = Order(named="old.csv", digest="a", mapping_text="", by="Henri")
    done = await run_through(town.host, there, mapping, source, order, lambda *words: None, lambda *row: None)
    assert done.requests == 2
    assert (await Charge.count(), await Visit.count(), await Delivery.count()) == (1, 1, told)
    [reference] = await references_for(there, "P-1")
    record = await town.record(reference)
    assert await Clock.count().where(Clock.request == record.id) == 0
    assert [entry.kind for entry in await entries_of(record)] == ["submitted", "migrated"]
