"""The auditor's pack: what is in it, for whom, what the script in it finds, and whose signature it bears."""

import csv
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Entry as EntryRow
from parvis.db.tables import ServiceRequest
from parvis.example_towns import town_folder
from parvis.requests.actors import REQUESTER, Actor
from parvis.requests.amendments import amend, assign
from parvis.requests.changing import Conflict
from parvis.requests.history import entries_of
from parvis.requests.lifecycle import make_move
from parvis.requests.records import Record, as_json
from parvis.requests.work.conversation import reply
from parvis_audit_pack.asking import asked, town_files
from parvis_audit_pack.packing import pack
from parvis_audit_pack.verify import hash_of
from parvis_merging.merging import merge
from parvis_sdk.workflow import Denied
from parvis_seals.town_seal import as_pem, own_seal

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
MARCH = datetime(2026, 3, 2, 15, tzinfo=UTC)  # a Monday at ten in the morning, in town
HERE = {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"}
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)


async def taken(town, folder, *, first=FIRST, last=LAST, unit="", **more):
    """The pack, written to a file."""
    audit = asked(
        town.host.jurisdictions.jurisdiction("parvis"),
        first=first,
        last=last,
        unit=unit,
        made_by="Ana Tremblay",
        **more,
    )
    files = town_files(town_folder(), audit.town)
    made = folder / "pack.zip"
    made.write_bytes(b"".join([piece async for piece in pack(town.host, audit, files)]))
    return made


def rows(made, name):
    with zipfile.ZipFile(made) as archive, archive.open(name) as sheet:
        return list(csv.DictReader(io.TextIOWrapper(sheet, "utf-8-sig", newline="")))


def checked(made, folder, *more):
    """What the script in the pack says of it, run alone."""
    with zipfile.ZipFile(made) as archive:
        script = folder / "verify.py"
        script.write_bytes(archive.read("verify.py"))
    command = [sys.executable, "-I", "-S", str(script), str(made), *map(str, more)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def changed(made, name, content):
    """The same pack with another content under one name; None leaves it out."""
    other = made.with_name("changed.zip")
    with zipfile.ZipFile(made) as archive, zipfile.ZipFile(other, "w") as written:
        there = {each: archive.read(each) for each in archive.namelist()} | {name: content}
        for each, given in there.items():
            if given is not None:
                written.writestr(each, given)
    return other


@pytest.fixture
async def month(town):
    """One solved at once, one left alone for weeks and given away, one reopened by its requester."""
    host = town.host
    with clock.moved_to(MARCH) as moved:
        quick, slow, again = [(await town.submit(place=HERE)).reference for _ in range(3)]
        moved.forward(hours=2)
        await assign(host, slow, unit="lighting", actor=ANA)
        for reference in (quick, again):
            await make_move(host, reference, "resolve", {}, actor=ANA, mover="agent")
        moved.forward(days=3)
        await make_move(host, again, "reopen", {}, actor=REQUESTER, mover="requester")
        moved.forward(days=25)
        await reply(host, slow, "Une équipe passera jeudi, Madame Côté.", actor=ANA)
        await assign(host, slow, unit="roads", actor=ANA)
        moved.forward(days=10)
        await make_move(host, slow, "resolve", {}, actor=ANA, mover="agent")
    return quick, slow, again


async def test_it_says_what_was_promised_and_done(town, month, tmp_path):
    _, slow, again = month
    made = await taken(town, tmp_path)
    requests = {row["reference"]: row for row in rows(made, "requests.csv")}
    assert requests.keys() == set(month)
    assert requests[again]["reopenings"] == "1"
    assert float(requests[slow]["longest_gap_business_days"]) > 17
    [gap] = [row for row in rows(made, "gaps.csv") if row["reference"] == slow]
    assert (gap["after_entry"], gap["phase"]) == ("2", "received")
    [objective] = [row for row in rows(made, "objectives.csv") if row["level"] == "usual"]
    assert (objective["amount"], objective["measure"]) == ("5", "business_days")
    assert (objective["met"], objective["missed"]) == ("1", "2")  # a promise that was broken by reopening is missed
    assert [(row["reference"], row["by"]) for row in rows(made, "reopened.csv")] == [(again, "requester")]
    moves = [row for row in rows(made, "moves.csv") if row["reference"] == slow]
    assert [(row["kind"], row["unit_before"], row["unit"]) for row in moves if row["kind"] == "assigned"][1:] == [
        ("assigned", "lighting", "roads")
    ]
    assert {row["actor_name"] for row in moves if row["actor_kind"] == "agent"} == {"Ana Tremblay"}
    assert all(row["at"] < "2026-04-01T04" for row in rows(made, "moves.csv"))  # the town's midnight


async def test_one_that_was_merged_stands_open_no_more(town, month, tmp_path):
    host = town.host
    with clock.moved_to(MARCH) as moved:
        first, second = [(await town.submit(place=HERE)).reference for _ in range(2)]
        moved.forward(days=1)
        viewer = town.agent("see", "work")
        assert not isinstance(await merge(host, viewer, second, first, actor=ANA), Denied | Conflict)
    idle = {row["reference"]: row["until"] for row in rows(await taken(town, tmp_path), "gaps.csv")}
    assert first in idle
    assert idle[first] == ""  # nobody has stepped in since
    assert second not in idle


async def test_what_was_another_type_before_has_both_declarations_in_it(town, month, tmp_path):
    quick, _, _ = month
    quarrel = (await town.submit("quarrel")).reference
    record = await town.record(quarrel)
    amended = await amend(town.host, quarrel, type="hole", answers={"danger": False}, actor=ANA)
    assert isinstance(amended, Record)
    assert amended.declaration != record.declaration
    made = await taken(town, tmp_path, last=clock.now().date() + timedelta(days=1))
    assert {record.declaration, (await town.record(quick)).declaration} <= {
        row["declaration"] for row in rows(made, "procedures/types.csv")
    }
    assert checked(made, tmp_path).returncode == 0


async def test_nothing_in_it_is_about_who_asked(town, month, tmp_path):
    await town.submit("quarrel")
    made = await taken(town, tmp_path, last=clock.now().date() + timedelta(days=1))
    with zipfile.ZipFile(made) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8", "replace")
    for words in ("Zoé", "zoe@exemple.ca", "555-0101", "5145550101", "Rachel", "Madame Côté"):
        assert words not in everything, words


async def test_a_unit_has_what_it_ever_held_and_nobody_what_they_may_not_see(town, month, tmp_path):
    _, slow, _ = month
    made = await taken(town, tmp_path, unit="lighting")
    assert [row["reference"] for row in rows(made, "requests.csv")] == [slow]
    hidden = await taken(town, tmp_path, unit="lighting", may_see=lambda record: record.unit == "lighting")
    assert rows(hidden, "requests.csv") == []
    assert checked(hidden, tmp_path).returncode == 0


async def test_only_what_lived_in_the_period_is_in_it(town, month, tmp_path):
    _, slow, again = month
    april = await taken(town, tmp_path, first=date(2026, 4, 1), last=date(2026, 4, 30))
    assert {row["reference"] for row in rows(april, "requests.csv")} == {slow, again}
    assert {row["kind"] for row in rows(april, "moves.csv")} == {"moved"}
    before = await taken(town, tmp_path, first=date(2026, 2, 1), last=date(2026, 2, 28))
    assert rows(before, "requests.csv") == []


async def test_the_script_finds_every_change_without_the_house(town, month, tmp_path):
    made = await taken(town, tmp_path)
    whole = checked(made, tmp_path)
    assert whole.returncode == 0, whole.stdout + whole.stderr
    with zipfile.ZipFile(made) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        histories = archive.read("histories.jsonl").decode()
        gaps = archive.read("gaps.csv")
    assert manifest["requests"] == 3
    lines = histories.splitlines()
    told = json.loads(lines[1])
    told["history"].pop()
    shorter = "\n".join([lines[0], json.dumps(told), *lines[2:]]) + "\n"
    for name, content in (
        ("gaps.csv", gaps.splitlines()[0]),
        ("gaps.csv", None),
        ("more.csv", b"x"),
        ("histories.jsonl", histories.replace("Ana Tremblay", "Luc Tremblay").encode()),
        ("histories.jsonl", shorter.encode()),
        ("manifest.json", as_json({**manifest, "unit": "lighting"}).encode()),
    ):
        found = checked(changed(made, name, content), tmp_path)
        assert found.returncode == 1, name
        assert "ALTERED" in found.stdout
    strange = tmp_path / "strange.zip"
    strange.write_bytes(b"no archive")
    command = [sys.executable, "-I", "-S", str(tmp_path / "verify.py"), str(strange)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1


async def test_a_forger_who_makes_the_manifest_again_has_no_key(town, month, tmp_path):
    made = await taken(town, tmp_path)
    with zipfile.ZipFile(made) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    manifest["made_by"] = "Luc"
    found = checked(changed(made, "manifest.json", as_json(manifest).encode()), tmp_path)
    assert (found.returncode, "ne vaut pas" in found.stdout) == (1, True)


async def test_the_certificate_of_the_town_is_the_one_it_was_signed_with(town, month, tmp_path):
    made = await taken(town, tmp_path)
    jurisdiction = town.host.jurisdictions.jurisdiction("parvis")
    ours, theirs = tmp_path / "sceau.pem", tmp_path / "other.pem"
    ours.write_text(as_pem(own_seal(town.host.secret, jurisdiction)))
    theirs.write_text(as_pem(own_seal(b"another secret of thirty-two chars", jurisdiction)))
    assert checked(made, tmp_path, "--certificate", ours).returncode == 0
    assert checked(made, tmp_path, "--certificate", theirs).returncode == 1
    assert as_pem(own_seal(town.host.secret, jurisdiction)) == ours.read_text()  # always the same


async def test_the_files_of_the_town_and_those_for_its_modules_are_in_it(town, tmp_path):
    here = town.host.jurisdictions.jurisdiction("parvis")
    for name, content in {"units.toml": "u", "modules/tides.toml": "t", "logo.svg": "<svg/>"}.items():
        (tmp_path / here.code / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / here.code / name).write_text(content)
    assert town_files(tmp_path, here) == {"modules/tides.toml": b"t", "units.toml": b"u"}


async def test_a_history_altered_in_the_database_is_found_by_the_script(town, month, tmp_path):
    _, slow, _ = month
    record = await town.record(slow)
    third = (EntryRow.request == record.id) & (EntryRow.number == 3)
    async with transaction(town.host.engine):
        await EntryRow.update({EntryRow.actor_name: "Luc"}).where(third)
    found = checked(await taken(town, tmp_path), tmp_path)
    assert found.returncode == 1
    assert f"{slow}: intervention 3" in found.stdout


async def test_what_is_written_while_it_is_made_breaks_nothing(town, month, tmp_path):
    """The row says how many entries there are; one more is left for another pack."""
    audit = asked(town.host.jurisdictions.jurisdiction("parvis"), first=FIRST, last=LAST, unit="", made_by="Ana")
    _, slow, _ = month
    record = await town.record(slow)
    second = (await entries_of(record))[1]
    as_read = {ServiceRequest.entries: 2, ServiceRequest.last_hash: second.hash}
    async with transaction(town.host.engine):
        await ServiceRequest.update(as_read).where(ServiceRequest.reference == slow)
    made = tmp_path / "pack.zip"
    made.write_bytes(b"".join([piece async for piece in pack(town.host, audit, {})]))
    told = {row["reference"]: row for row in rows(made, "requests.csv")}
    assert told[slow]["entries"] == "2"
    assert checked(made, tmp_path).returncode == 0


@given(
    st.dictionaries(st.text(max_size=5), st.one_of(st.text(), st.integers(-(2**53), 2**53), st.booleans(), st.none()))
)
def test_the_script_writes_json_as_the_house_does(value):
    try:
        ours = as_json(value).encode()
    except UnicodeEncodeError:  # half a letter, which no text of ours holds
        return
    assert hash_of(value) == hashlib.sha256(ours).hexdigest()
