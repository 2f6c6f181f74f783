"""A town comes in from its archive: the same town, or a sentence that says why not and nothing of it."""

import hashlib
import io
import json
import sqlite3
from contextlib import closing

import pytest
from msgspec import structs
from PIL import Image

from parvis import clock
from parvis.cli.troubles import Unusable
from parvis.db import transaction
from parvis.db.people_tables import Agent, Token
from parvis.db.tables import ModuleSwitch
from parvis.deployment import open_deployment
from parvis.identifiers import new_id
from parvis.jurisdictions.sign_in import SIGN_IN
from parvis.people.agents import Grant, add_agent, find_agent
from parvis.people.passwords import is_password
from parvis.requests.attached.receiving import receive_file
from parvis.requests.history import broken_at, entries_of
from parvis.requests.lifecycle import make_move
from parvis.requests.records import find
from parvis.settings import Settings
from parvis_disposal import arriving
from parvis_disposal.arriving import read_town
from parvis_disposal.leaving import SUMS, archive_town, end_town
from parvis_disposal.town_rows import TownTable, sorted_tables
from parvis_disposal.town_tables import MANIFEST, contents_there
from parvis_testing.town import ANA

SECRET = "a secret of thirty-two characters"
pytestmark = pytest.mark.both_engines


@pytest.fixture
async def moved(town, tmp_path):
    """The reference of a request with a photo and a closed life, in the archive of its town."""
    written = io.BytesIO()
    Image.new("RGB", (160, 16), "white").save(written, "JPEG")
    kept = await receive_file(town.host, "7" * 64, "photos", "trou.jpg", written.getvalue())
    given = {"answers": {"danger": False, "photos": [kept.id]}, "holder": "7" * 64}
    reference = (await town.submit(**given)).reference
    await town.submit()
    await make_move(town.host, reference, "resolve", {}, actor=ANA, mover="agent")
    operator = Grant(role="operator", jurisdiction="parvis")
    await add_agent(
        town.host.engine, email="ana@parvis.example", name="Ana", password="une phrase assez longue", grants=[operator]
    )
    await archive_town(town.host, town.host.jurisdictions.jurisdiction("parvis"), tmp_path / "set", print)
    return reference


@pytest.fixture
def elsewhere(tmp_path):
    """An installation where no town is yet."""
    return Settings(territory=tmp_path / "towns", secret_key=SECRET, data=tmp_path / "elsewhere", worker=False)


@pytest.fixture
def read(elsewhere, tmp_path, town_plugin, modules):
    async def once(**given):
        settings = given.pop("settings", elsewhere)
        return await read_town(settings, tmp_path / "set", print, plugins=[town_plugin], modules=modules, **given)

    return once


@pytest.fixture
def opened(elsewhere, town_plugin, modules):
    return lambda: open_deployment(elsewhere, [town_plugin], modules=modules)


def sum_again(folder):
    """What somebody does who changes an archive and knows how sums are made."""
    lines = [line.split("  ") for line in (folder / SUMS).read_text("utf-8").splitlines()]
    sums = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for _, name in lines]
    (folder / SUMS).write_text("".join(sums), "utf-8")


def nothing_there(elsewhere):
    if list(elsewhere.territory.glob("parvis")):
        return False
    file = elsewhere.data / "parvis.sqlite"
    if not file.is_file():
        return True
    with closing(sqlite3.connect(file)) as connection:
        tables = ("service_request", "entry", "agent", "declaration")
        return not any(connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] for table in tables)


async def test_requests_files_histories_and_accounts_are_there_and_a_second_time_is_refused(moved, read, opened):
    done = await read()
    assert (done.requests, done.files, done.missing_files, done.broken) == (2, 2, 0, ())
    assert not done.has_passwords
    async with opened() as deployment:
        record = await find(deployment.host, moved)
        assert (record.state, await broken_at(record), len(await entries_of(record))) == ("done", None, 2)
        person = await find_agent(deployment.host.engine, "ana@parvis.example")
        assert [grant.role for grant in person.grants] == ["operator"]
        (row,) = await Agent.select(Agent.password)
        assert row["password"] == ""
    with pytest.raises(Unusable, match="the town parvis is here already"):
        await read()
    async with opened() as deployment:
        assert await find(deployment.host, moved)


def digest_of(folder):
    return hashlib.sha256((folder / SUMS).read_bytes()).hexdigest()


async def test_an_archive_whose_sums_nobody_gave_opens_no_door(town, moved, read, opened, tmp_path):
    async with transaction(town.host.engine):
        key = Token(digest="a" * 64, name="Essai", jurisdiction="parvis", scopes="[]", made_at=clock.now())
        await Token.insert(key)
    await archive_town(town.host, town.host.jurisdictions.jurisdiction("parvis"), tmp_path / "set", print)
    change(tmp_path / "set", "grant", lambda row: row | {"role": "operator"})
    assert (await read()).shut == 2
    async with opened() as deployment:
        assert not (await find_agent(deployment.host.engine, "ana@parvis.example")).active
        assert await Token.select(Token.revoked) == [{"revoked": True}]


GROUPS = """
providers = ["ville"]
second_factor = true
[[grants]]
values = ["everybody-at-work"]
role = "operator"
"""


def add_settings(folder, name, content):
    file = folder / "settings/parvis" / name
    file.write_text(content, "utf-8")
    with (folder / SUMS).open("a") as sums:
        sums.write(f"{'0' * 64}  {file.relative_to(folder)}\n")
    sum_again(folder)


async def test_groups_give_no_role_by_settings_that_nobody_vouches_for(moved, read, opened, elsewhere, tmp_path):
    add_settings(tmp_path / "set", "sign_in.toml", GROUPS)
    await read()
    here = elsewhere.territory / "parvis"
    assert (here / "sign_in.toml").read_text("utf-8") == "second_factor = true\n"
    assert (here / "sign_in.toml.unvouched").read_text("utf-8") == GROUPS
    async with opened() as deployment:
        assert SIGN_IN.of(deployment.jurisdictions.jurisdiction("parvis")).second_factor
    with pytest.raises(Unusable, match="the town parvis is here already"):  # by its rows: its settings are the same
        await read()


async def test_groups_give_their_roles_where_the_sums_were_told(moved, read, elsewhere, tmp_path):
    add_settings(tmp_path / "set", "sign_in.toml", GROUPS)
    await read(digest=digest_of(tmp_path / "set"))
    assert (elsewhere.territory / "parvis/sign_in.toml").read_text("utf-8") == GROUPS


async def test_settings_that_cannot_be_read_are_told_and_nothing_of_them_stays(moved, read, elsewhere, tmp_path):
    add_settings(tmp_path / "set", "sign_in.toml", "providers = [")
    with pytest.raises(Unusable, match=r"sign_in\.toml of the archive cannot be read"):
        await read()
    assert nothing_there(elsewhere)


async def test_accounts_and_keys_work_where_the_sums_were_told(moved, read, opened, tmp_path):
    assert (await read(digest=digest_of(tmp_path / "set"))).shut == 0
    async with opened() as deployment:
        assert (await find_agent(deployment.host.engine, "ana@parvis.example")).active


async def test_a_role_for_somebody_who_works_here_already_needs_the_sums(moved, read, opened, tmp_path):
    await read()
    async with opened() as deployment, transaction(deployment.host.engine):
        for table in ("grant", "grant_change", *(each.name for each in _leaving(deployment) if each.name != "agent")):
            await Agent.raw(f'DELETE FROM "{table}"')
    with pytest.raises(Unusable, match=r"gives a role to ana@parvis\.example, who has an account here already"):
        await read()
    assert (await read(digest=digest_of(tmp_path / "set"))).requests == 2


async def test_a_request_in_a_state_that_its_type_does_not_have_is_told(moved, read, tmp_path):
    change(tmp_path / "set", "service_request", lambda row: row | {"state": "nowhere"})
    assert len((await read()).strange) == 1


def change(folder, table, changed):
    """The first row of a table, changed by somebody who knows how sums are made."""
    file = folder / f"tables/{table}.jsonl"
    first, *rest = file.read_text("utf-8").splitlines(True)
    file.write_text(json.dumps(changed(json.loads(first))) + "\n" + "".join(rest), "utf-8")
    sum_again(folder)


@pytest.mark.parametrize(
    ("table", "changed"),
    [
        ("service_request", {"jurisdiction": "rivemont"}),
        ("grant", {"jurisdiction": "rivemont"}),
        ("entry", {"request": str(new_id())}),
        ("module_switch", {"jurisdiction": "rivemont"}),
    ],
)
async def test_rows_of_another_town_are_refused(moved, read, elsewhere, tmp_path, table, changed):
    change(tmp_path / "set", table, lambda row: row | changed)
    with pytest.raises(Unusable, match=r"not of parvis, and nothing came in"):
        await read()
    assert nothing_there(elsewhere)


async def test_what_was_damaged_before_its_sums_were_made_is_told_in_a_sentence(moved, read, elsewhere, tmp_path):
    folder = tmp_path / "set"

    async def refused(name, content, match):
        whole = (folder / name).read_bytes()
        (folder / name).write_bytes(content(whole))
        sum_again(folder)
        with pytest.raises(Unusable, match=match) as told:
            await read()
        assert "pwned" not in str(told.value)
        assert nothing_there(elsewhere)
        (folder / name).write_bytes(whole)
        sum_again(folder)

    def row(**changed):
        def write(whole):
            first, *rest = whole.splitlines(True)
            return json.dumps(json.loads(first) | changed).encode() + b"\n" + b"".join(rest)

        return write

    await refused("tables/entry.jsonl", lambda whole: whole[: len(whole) // 2], r"entry\.jsonl is no row")
    await refused("tables/agent.jsonl", lambda whole: b"[]\n", r"agent\.jsonl is no row")
    await refused("tables/entry.jsonl", row(id="zzz"), "a row of entry has no UUID in id")
    await refused("tables/entry.jsonl", row(at="yesterday"), "a row of entry has no datetime in at")
    await refused("contents.csv", lambda whole: whole + b"../../tmp/pwned,files/x\r\n", r"contents\.csv names no file")
    await refused("contents.csv", lambda whole: whole + b"0" * 64 + b",../pwned\r\n", "SHA256SUMS does not list")
    packed = next(where for where in contents_there(folder).values() if where.startswith("requests/"))
    zipped = packed.partition("!")[0]
    await refused(zipped, lambda whole: b"no archive", "is no archive that can be opened")
    await refused("contents.csv", lambda whole: whole.replace(b"!", b"!no-"), "lacks a file, or it is damaged")
    (folder / zipped).unlink()
    lines = (folder / SUMS).read_text("utf-8").splitlines(True)
    (folder / SUMS).write_text("".join(line for line in lines if zipped not in line), "utf-8")
    with pytest.raises(Unusable, match="names a file that SHA256SUMS does not list"):
        await read()
    assert nothing_there(elsewhere)


async def test_columns_and_names_of_files_that_no_town_has_are_refused(moved, read, elsewhere, tmp_path):
    folder = tmp_path / "set"
    whole = {name: (folder / name).read_bytes() for name in ("tables/attachment.jsonl", "tables/entry.jsonl")}
    for table, changed, match in (
        ("attachment", {"name": "../../../etc/cron.d/x"}, "names a file as no town does"),
        ("attachment", {"name": None}, "names a file as no town does"),
        ("entry", {"evil": 1}, "a row of entry has a column that is not known here"),
    ):
        change(folder, table, lambda row, changed=changed: row | changed)
        with pytest.raises(Unusable, match=match):
            await read()
        assert nothing_there(elsewhere)
        for name, content in whole.items():
            (folder / name).write_bytes(content)
        sum_again(folder)
    assert (await read()).requests == 2


async def test_a_second_town_of_one_installation_comes_in_after_the_first(moved, read, opened, elsewhere, tmp_path):
    """Both have the same rows of what holds for every town."""
    assert (await read()).requests == 2
    async with opened() as deployment, transaction(deployment.host.engine):
        held = await ModuleSwitch.select()
        for table in (each.name for each in _leaving(deployment) if each.name != "module_switch"):
            await Agent.raw(f'DELETE FROM "{table}"')
        await ModuleSwitch.update({ModuleSwitch.jurisdiction: "rivemont"}).where(ModuleSwitch.jurisdiction == "parvis")
    assert held
    assert (await read()).requests == 2
    async with opened():
        assert await ModuleSwitch.count().where(ModuleSwitch.jurisdiction == "parvis") == len(held)


async def test_passwords_leave_only_where_that_is_said(town, moved, read, opened, tmp_path):
    parvis = town.host.jurisdictions.jurisdiction("parvis")
    await archive_town(town.host, parvis, tmp_path / "set", print, with_passwords=True)
    assert (await read()).has_passwords
    async with opened():
        (row,) = await Agent.select(Agent.password)
        assert await is_password(row["password"], "une phrase assez longue")


async def test_what_is_not_as_it_was_written_is_refused_before_anything_is_touched(moved, read, elsewhere, tmp_path):
    folder = tmp_path / "set"
    for file in (folder / "tables/entry.jsonl", folder / "settings/parvis/units.toml", folder / MANIFEST):
        whole = file.read_bytes()
        for damaged in (whole[:-10], whole.replace(b"e", b"f", 1)):
            file.write_bytes(damaged)
            with pytest.raises(Unusable, match=f"{file.name} is not whole"):
                await read()
        file.write_bytes(whole)
    with pytest.raises(Unusable, match="not the one whose sha256 you were told"):
        await read(digest="0" * 64)
    sums = (folder / SUMS).read_bytes()
    (folder / SUMS).unlink()
    with pytest.raises(Unusable, match="not written to its end"):
        await read()
    (folder / SUMS).write_bytes(b"".join(line for line in sums.splitlines(True) if b"entry.jsonl" not in line))
    with pytest.raises(Unusable, match=r"entry\.jsonl is not listed in SHA256SUMS"):
        await read()
    assert nothing_there(elsewhere)


async def test_what_the_sums_do_not_list_or_a_link_leads_to_is_refused(moved, read, elsewhere, tmp_path):
    folder = tmp_path / "set"
    digest = hashlib.sha256((folder / SUMS).read_bytes()).hexdigest()
    for name in ("settings/parvis/extra.toml", "settings/rivemont/jurisdiction.toml", "files/aa/extra", "note.part"):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("extra")
        with pytest.raises(Unusable, match=rf"{file.name} is not listed in SHA256SUMS"):
            await read(digest=digest)
        file.unlink()
    secret = tmp_path / "secret.txt"
    secret.write_text("nobody's business")
    (folder / "settings/parvis/note.txt").symlink_to(secret)
    with pytest.raises(Unusable, match=r"note\.txt is a link"):
        await read(digest=digest)
    (folder / "settings/parvis/note.txt").unlink()
    (folder / "settings").rename(tmp_path / "settings")
    (folder / "settings").symlink_to(tmp_path / "settings")
    with pytest.raises(Unusable, match=r"settings is a link"):
        await read(digest=digest)
    assert nothing_there(elsewhere)
    (folder / "settings").unlink()
    (tmp_path / "settings").rename(folder / "settings")
    assert (await read(digest=digest)).requests == 2
    given = {each.name for each in (folder / "settings/parvis").rglob("*") if each.is_file()}
    assert {each.name for each in (elsewhere.territory / "parvis").rglob("*") if each.is_file()} == given


async def test_an_archive_of_another_format_version_or_secret_is_refused(moved, read, elsewhere, tmp_path):
    folder = tmp_path / "set"
    whole = json.loads((folder / MANIFEST).read_bytes())

    async def refused(match, **changed):
        (folder / MANIFEST).write_text(json.dumps(whole | changed))
        sum_again(folder)
        with pytest.raises(Unusable, match=match):
            await read()
        assert nothing_there(elsewhere)

    await refused("this Parvis reads parvis-town/1", format="parvis-town/2")
    await refused(r"written by a later Parvis \(9\.9\)", parvis="9.9")
    await refused("written by a later Parvis", steps=whole["steps"] | {"parvis": ["2031-01-01T00:00:00:000000"]})
    strange = {"name": "trees_tree", "owner": "trees", "about": "", "columns": {"id": "UUID"}, "rows": 3}
    (folder / "tables/trees_tree.jsonl").write_text("{}\n" * 3)
    with (folder / SUMS).open("a") as file:
        file.write(f"{'0' * 64}  tables/trees_tree.jsonl\n")
    await refused("rows of the table trees_tree of trees", tables=[*whole["tables"], strange])
    await refused(
        "the module trees, which is not installed",
        tables=[*whole["tables"], strange],
        steps=whole["steps"] | {"parvis_trees": ["2026-01-01T00:00:00:000000"]},
    )
    (folder / MANIFEST).write_text(json.dumps(whole))
    sum_again(folder)
    other = structs.replace(elsewhere, secret_key="another secret of more than thirty-two")
    with pytest.raises(Unusable, match="say --other-secret"):
        await read(settings=other)
    assert (await read(settings=other, other_secret=True)).requests == 2


async def test_killed_in_the_middle_nothing_is_there_and_the_same_command_begins_again(
    moved, read, elsewhere, monkeypatch
):
    filled = []
    real = arriving._fill

    async def kill(table: TownTable, *given):
        if len(filled) == 3:
            raise KeyboardInterrupt
        filled.append(table.name)
        return await real(table, *given)

    with monkeypatch.context() as patched:
        patched.setattr(arriving, "_fill", kill)
        with pytest.raises(KeyboardInterrupt):
            await read()
    assert nothing_there(elsewhere)
    assert (await read()).requests == 2


def _leaving(deployment):
    return reversed(sorted_tables(deployment.modules)[0])


async def test_an_account_or_settings_of_others_are_in_the_way_and_that_is_said(moved, read, opened, elsewhere):
    assert (await read()).requests == 2
    async with opened() as deployment, transaction(deployment.host.engine):
        for table in ("grant", "grant_change", *(each.name for each in _leaving(deployment) if each.name != "agent")):
            await Agent.raw(f'DELETE FROM "{table}"')
        await Agent.raw("UPDATE agent SET id = {}", new_id())
    with pytest.raises(Unusable, match=r"ana@parvis\.example has another account here already"):
        await read()
    assert (elsewhere.territory / "parvis").is_dir()  # it was there before
    (elsewhere.territory / "parvis" / "messages.toml").write_text("")
    with pytest.raises(Unusable, match="says otherwise than the archive"):
        await read()


async def test_once_requests_are_being_destroyed_their_rows_stay_as_they_were(town, moved, read, opened, tmp_path):
    folder, parvis = tmp_path / "set", town.host.jurisdictions.jurisdiction("parvis")
    contents = contents_there(folder)
    given = {"actor": ANA, "reason": "Fusion", "with_open": True, "without_files": False}
    await end_town(town.host, parvis, folder, **given, told=print)
    assert (await town.record(moved)).erased_at
    await archive_town(town.host, parvis, folder, print)
    assert contents_there(folder) == contents
    done = await read()
    assert (done.requests, done.broken, done.missing_files) == (2, (), 0)
    async with opened() as deployment:
        record = await find(deployment.host, moved)
        assert (record.erased_at, await broken_at(record)) == (None, None)
