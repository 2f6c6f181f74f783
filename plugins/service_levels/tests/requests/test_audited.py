"""The pack of an auditor holds the levels that were in force."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime, timedelta

from parvis import clock
from parvis.jurisdictions.levels import LevelRule
from parvis.requests.actors import Actor
from parvis_audit_pack.asking import asked
from parvis_audit_pack.packing import pack
from parvis_rulesets.editing import adding
from parvis_rulesets.files import read_file
from parvis_rulesets.versions import change_draft, publish
from parvis_service_levels.escalation import levels_of_files
from parvis_service_levels.kept import LEVELS

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


async def test_the_versions_of_the_levels_in_force_in_the_period_are_in_it(town, tmp_path):
    here = town.host.jurisdictions.jurisdiction("parvis")
    line = LevelRule(id="h", type="hole", level="usual", business_days=8)
    with clock.moved_to(MARCH + timedelta(days=5)):
        draft = await change_draft(LEVELS, town.host, here, adding(line), actor=ANA)
        assert await publish(LEVELS, town.host, here, "Huit jours", edition=draft.edition, seen=0, actor=ANA) == 2
    made = await taken(town, tmp_path)
    told = [(row["version"], row["by"], row["word"]) for row in rows(made, "procedures/level_versions.csv")]
    assert [told[0][0], told[1]] == ["1", ("2", "Ana Tremblay", "Huit jours")]
    with zipfile.ZipFile(made) as archive:
        kept = {number: archive.read(f"procedures/levels/levels-{number}.toml") for number in (1, 2)}
    assert read_file(LEVELS, kept[1]) == levels_of_files(here)
    assert read_file(LEVELS, kept[2]).rules == (*levels_of_files(here).rules, line)
    later = await taken(town, tmp_path, first=date(2026, 4, 1), last=date(2026, 4, 30))
    assert [row["version"] for row in rows(later, "procedures/level_versions.csv")] == ["2"]
