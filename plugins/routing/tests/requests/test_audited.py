"""The pack of an auditor holds the rules of routing that were in force."""

import csv
import io
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import ModuleType

from parvis import clock
from parvis.modules import Module, registry_of
from parvis.requests.actors import Actor
from parvis.switches import Switchboard
from parvis_audit_pack.asking import asked
from parvis_audit_pack.packing import pack
from parvis_routing.kept import ROUTING
from parvis_routing.rules import Rule
from parvis_rulesets.editing import adding
from parvis_rulesets.files import read_file
from parvis_rulesets.versions import change_draft, publish
from parvis_sdk.text import Text
from parvis_testing.modules import switch

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
MARCH = datetime(2026, 3, 2, 15, tzinfo=UTC)
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)


async def taken(town, folder, *, first=FIRST, last=LAST):
    """The pack, written to a file."""
    audit = asked(
        town.host.jurisdictions.jurisdiction("parvis"), first=first, last=last, unit="", made_by="Ana Tremblay"
    )
    made = folder / "pack.zip"
    made.write_bytes(b"".join([piece async for piece in pack(town.host, audit, {})]))
    return made


def rows(made, name):
    with zipfile.ZipFile(made) as archive, archive.open(name) as sheet:
        return list(csv.DictReader(io.TextIOWrapper(sheet, "utf-8-sig", newline="")))


async def test_the_rules_of_routing_in_force_in_the_period_are_in_it(town, tmp_path):
    here = town.host.jurisdictions.jurisdiction("parvis")
    with clock.moved_to(MARCH + timedelta(days=5)):
        draft = await change_draft(
            ROUTING, town.host, here, adding(Rule(id="h", types=("hole",), unit="roads")), actor=ANA
        )
        assert await publish(ROUTING, town.host, here, "Essai", edition=draft.edition, seen=0, actor=ANA) == 2
    made = await taken(town, tmp_path)
    told = [(row["version"], row["by"], row["word"]) for row in rows(made, "procedures/routing.csv")]
    assert [told[0][0], told[1]] == ["1", ("2", "Ana Tremblay", "Essai")]
    with zipfile.ZipFile(made) as archive:
        assert [rule.id for rule in read_file(ROUTING, archive.read("procedures/routing/rules-2.toml")).rules][
            -1
        ] == "h"
    later = await taken(town, tmp_path, first=date(2026, 4, 1), last=date(2026, 4, 30))
    assert [row["version"] for row in rows(later, "procedures/routing.csv")] == ["2"]
    earlier = await taken(town, tmp_path, first=date(2026, 2, 1), last=date(2026, 2, 28))
    assert rows(earlier, "procedures/routing.csv") == []


async def test_what_a_module_puts_in_force_is_in_it_while_the_town_has_it_and_for_what_it_did_before(
    town, tmp_path, monkeypatch
):
    """As the core's own procedures are; one that a town never had is in no pack of it."""
    tides = replace(ROUTING, sheet=replace(ROUTING.sheet, name="procedures/tides.csv", file="procedures/tides-{}.toml"))
    keeping = ModuleType("tides_kept")
    keeping.PROCEDURES = (tides,)
    monkeypatch.setitem(sys.modules, "tides_kept", keeping)
    named = Text(fr="Marées", en="Tides")
    modules = registry_of([Module(name="tides", title=named, summary=named, procedures="tides_kept")])
    with_tides = replace(town, host=replace(town.host, modules=Switchboard(modules)))
    here = town.host.jurisdictions.jurisdiction("parvis")

    async def listed():
        made = await taken(with_tides, tmp_path)
        with zipfile.ZipFile(made) as archive:
            explained = "procedures/tides.csv" in archive.read("columns.csv").decode()
            return explained, {name for name in archive.namelist() if "tides" in name}

    assert await listed() == (False, set())
    await switch(with_tides.host, "on", "tides")
    assert await listed() == (True, {"procedures/tides.csv"})
    line = Rule(id="h", types=("hole",), unit="roads")
    with clock.moved_to(MARCH + timedelta(days=5)):
        draft = await change_draft(tides, town.host, here, adding(line), actor=ANA)
        assert await publish(tides, town.host, here, "Essai", edition=draft.edition, seen=0, actor=ANA) == 2
    await switch(with_tides.host, "off", "tides")
    there = {"procedures/tides.csv", "procedures/tides-1.toml", "procedures/tides-2.toml"}
    assert await listed() == (True, there)
