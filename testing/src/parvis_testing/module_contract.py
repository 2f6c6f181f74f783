"""The contract of every module; the tests of a module inherit it, as `class TestTides(ModuleContract)`."""

import ast
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import cache
from importlib.metadata import metadata
from pathlib import Path

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po
from piccolo.columns import Bytea, Column, Text, Varchar

from parvis import clock
from parvis.db import Engine, transaction
from parvis.db.binding import bind, open_engine
from parvis.db.migrating import check_version, migrate
from parvis.db.statements import columns_there
from parvis.modules import NO_MODULES, InstalledModule, ModuleRegistry, part, parts
from parvis.people.roles import RIGHTS, ROLES, permissions_of
from parvis.plugins.module_discovery import find_modules
from parvis.requests.lists.module_figures import counted
from parvis.requests.personal import ErasureRule
from parvis.selection import Period, Where
from parvis.viewers import rights_in
from parvis.web.places import handlers_in
from parvis_testing.desk import Clerk, Desk
from parvis_testing.modules import switch

NO_ID = "01a21300-0000-7000-8000-000000000000"
EXTRACTED = [("**.py", "python"), ("**/templates/**", "jinja2")]
HOW = {"**/templates/**": {"extensions": "jinja2.ext.do", "newstyle_gettext": "true", "trimmed": "true"}}
LOOKS_AT = """
import sys
from importlib import import_module
before = set(sys.modules)
for package in sys.argv[1:]:
    import_module(f"{package}.plugin")
    heavy = {"piccolo", "litestar", "jinja2", "sqlite3"} & (set(sys.modules) - before)
    inside = [name for name in sys.modules if name.startswith(f"{package}.") and name != f"{package}.plugin"]
    print(package, *sorted(heavy), *inside)
"""


class ModuleContract:
    """Tests of one module. Its `conftest.py` imports `parvis_testing.desk` and defines `modules`.

    `opened_by` says for each address, with parameters as they are written, the rights of which any one opens it; where
    something must be there to be opened, `named` makes it and says what stands in which parameter.
    """

    name = ""
    once_ours: tuple[str, ...] = ()  # tables that were the core's, and have kept their names
    came_later: dict[str, tuple[str, ...]] = {}  # columns of those tables that they had not when they were the core's
    opened_by: dict[tuple[str, str], set[str]] = {}
    no_requesters: dict[str, tuple[str, ...]] = {}  # by table, columns of words that tell nothing of a requester
    of_things: tuple[str, ...] = ()  # addresses below which lie things: nobody finds one that is not there
    when_empty: dict[tuple[str, str], int] = {}  # what an address that is no page says of a body without anything

    @pytest.fixture
    def installed(self, modules: ModuleRegistry) -> InstalledModule:
        found = modules.named(self.name)
        assert found is not None
        return found

    def test_it_says_what_it_is(self, installed: InstalledModule) -> None:
        told = (installed.module.title, installed.module.summary)
        assert all(text.fr and text.en for text in told)
        assert installed.module.host, "it says with which versions of Parvis it works"

    def test_what_it_declares_as_data_is_named_in_both_languages(self, installed: InstalledModule) -> None:
        named = (*installed.module.rights, *installed.module.scopes, *installed.figures, *installed.queue_actions)
        assert [each.title.en or each.title.fr for each in named if not (each.title.fr and each.title.en)] == []
        assert all(each.meaning.fr.endswith(".") and each.meaning.en.endswith(".") for each in installed.figures)
        assert {role for right in installed.module.rights for role in right.roles} <= ROLES.keys()
        assert {each.right for each in installed.queue_actions} <= {
            each.name for each in (*RIGHTS, *installed.module.rights)
        }

    async def test_each_figure_counts_rows_of_its_own_and_leads_to_a_page(
        self, desk: Desk, installed: InstalledModule
    ) -> None:
        figures = installed.figures
        now = clock.now()
        period = Period(since=now - timedelta(days=1), until=now)
        assert {each.table for each in figures} <= {*installed.table_names}
        assert await counted([(each, Where()) for each in figures], period) == (0,) * len(figures)
        manager = await desk.signed_in("manager")
        assert [(await manager.get(each.path)).status_code for each in figures if each.path] == [
            200 for each in figures if each.path
        ]

    def test_its_distribution_carries_a_page_of_its_own(self, installed: InstalledModule) -> None:
        page = str(metadata(installed.distribution).get_payload())
        assert installed.distribution in page

    def test_it_imports_the_modules_that_it_declares_and_no_other(self, installed: InstalledModule) -> None:
        declared = {f"parvis_{name}" for name in (*installed.module.needs, *installed.module.may_use)}
        imported = {name for file in files_of(installed) for name in imported_by(file)}
        ours = {name for name in imported if name.startswith("parvis_")} - {"parvis_sdk", installed.package}
        assert ours == declared

    def test_nothing_of_it_is_loaded_to_know_what_it_is(self, installed: InstalledModule) -> None:
        all_of_them = tuple(each.package for each in find_modules().modules)
        packages = all_of_them if installed.package in all_of_them else (installed.package,)
        assert loaded_to_know(packages)[installed.package] == []

    def test_its_tables_have_its_name_and_refer_to_no_other(self, installed: InstalledModule) -> None:
        tables = tables_of(installed)
        for table in tables:
            name = table._meta.tablename
            assert name.startswith(f"{self.name}_") or name in self.once_ours, name
            referred = [each._foreign_key_meta.resolved_references for each in table._meta.foreign_key_columns]
            assert [str(each) for each in referred if each not in tables] == []
        assert {*self.once_ours} <= {table._meta.tablename for table in tables}

    def test_whatever_it_writes_of_a_requester_goes_with_the_request(self, installed: InstalledModule) -> None:
        """Names each text column that is neither erased nor declared not personal."""
        tables = {table._meta.tablename: table for table in tables_of(installed)}
        erasing = parts(installed.module).get("personal")
        said = part(erasing).ERASURE if erasing else ErasureRule()
        rules = (*said.personal, *said.once_removed)
        assert {rule.table for rule in rules} <= tables.keys(), "another owner's tables are its own to erase"
        kept = dict(self.no_requesters)
        for rule in rules:
            there = {column._meta.db_column_name for column in tables[rule.table]._meta.columns}
            assert {rule.column, *rule.blank, *rule.ends, *rule.told} <= there, rule
            assert not rule.through or rule.through in tables, rule
            kept[rule.table] = (*kept.get(rule.table, ()), *(rule.blank or there))
        for one in said.addressed:
            kept[one.table] = tuple(column._meta.db_column_name for column in tables[one.table]._meta.columns)
            assert {one.column, one.town} <= {*kept[one.table]}, one
        words = {name: {each._meta.name for each in words_of(table)} for name, table in tables.items()}
        assert {name: left for name, of in words.items() if (left := of - {*kept.get(name, ())})} == {}

    @pytest.mark.both_engines
    async def test_its_steps_make_its_tables_in_a_database_that_is_empty(
        self, own_url: str, installed: InstalledModule, modules: ModuleRegistry
    ) -> None:
        async with migrating(own_url, modules) as engine:
            await migrate(engine, modules)
            await self.stand(installed)
            assert await migrate(engine, modules) == ()
            await check_version(engine, modules)

    @pytest.mark.both_engines
    async def test_its_steps_take_over_the_tables_that_were_there(
        self, own_url: str, installed: InstalledModule, modules: ModuleRegistry
    ) -> None:
        """An existing row is still there afterwards."""
        taken = [table for table in tables_of(installed) if table._meta.tablename in self.once_ours]
        async with migrating(own_url, modules) as engine:
            await migrate(engine, NO_MODULES)
            for table in taken:
                assert not await columns_there(table._meta.tablename), "a core alone makes no table of a module"
                async with transaction(engine):
                    await table.create_table()
            async with transaction(engine):
                await self.fill()
            before = [await table.select() for table in taken]
            assert all(before)
            async with transaction(engine):
                for name, column in ((name, each) for name, columns in self.came_later.items() for each in columns):
                    await taken[0].raw(f"ALTER TABLE {name} DROP COLUMN {column}")
            await migrate(engine, modules)
            await self.stand(installed)
            assert [await table.select() for table in taken] == before

    async def named(self, desk: Desk) -> dict[str, str]:
        """The values of the parameters of its addresses; by default an unknown id."""
        return {}

    async def fill(self) -> None:
        """Writes a row into each table that belonged to the core, inside a transaction."""

    async def stand(self, installed: InstalledModule) -> None:
        for table in tables_of(installed):
            there = await columns_there(table._meta.tablename)
            assert there == {column._meta.db_column_name for column in table._meta.columns}, table

    def test_every_message_is_said_in_french(self, installed: InstalledModule) -> None:
        said = {(context, message) for message, context in messages_of(installed)}
        french = catalogue_of(installed)
        assert sorted(message for context, message in said if not french.get((context, message))) == []

    def test_each_address_of_the_desk_is_in_the_table_of_who_opens_it(self, modules: ModuleRegistry) -> None:
        assert {*self.opened_by} == {*addresses_of(modules, self.name)}

    @pytest.mark.parametrize("role", ["", *sorted(ROLES)])
    async def test_each_address_of_the_desk_is_opened_by_the_rights_that_it_names(self, desk: Desk, role: str) -> None:
        clerk = await desk.signed_in(role) if role else desk.browser()
        if role:
            await clerk.get("/bureau/compte")
        clerk.http.follow_redirects = False
        named = await self.named(desk)
        rights = permissions_of(role, rights_in(desk.host, "parvis"))
        for (method, path), by in self.opened_by.items():
            status = await tried(clerk, method, path, named)
            if not role:
                assert status in (303, 401, 403), (method, path, status)
            elif rights & by:
                alone = 404 if path.startswith(self.of_things) else self.when_empty.get((method, path))
                found = (200, 303, 422) if alone is None else (alone,)
                assert status in found, (method, path, status)
            else:
                assert status in (403, 404), (method, path, status)

    async def test_where_it_is_off_its_addresses_do_not_exist(self, desk: Desk) -> None:
        clerk = await desk.signed_in("manager")
        await clerk.get("/bureau/compte")
        named = await self.named(desk)
        await switch(desk.host, "off", self.name)
        for method, path in self.opened_by:
            assert await tried(clerk, method, path, named) == 404, (method, path)
        shown = (await clerk.get("/bureau/compte")).text
        assert [path for _, path in self.opened_by if f'href="{path}"' in shown] == []


@cache
def loaded_to_know(packages: tuple[str, ...]) -> dict[str, list[str]]:
    """The packages loaded by reading the declarations of these packages, checked in one process."""
    told = subprocess.check_output([sys.executable, "-c", LOOKS_AT, *packages], text=True)
    return {package: loaded for package, *loaded in map(str.split, told.splitlines())}


def files_of(installed: InstalledModule) -> Iterator[Path]:
    """Every Python file of a module."""
    folder = part(installed.package).__path__[0]
    yield from sorted(Path(folder).rglob("*.py"))


def imported_by(file: Path) -> Iterator[str]:
    """The packages that a file imports, at any time."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name.partition(".")[0] for each in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield str(node.module).partition(".")[0]


def tables_of(installed: InstalledModule) -> tuple:
    return part(installed.module.tables).TABLES if installed.module.tables else ()


def words_of(table) -> Iterator[Column]:
    """The columns of a table that can hold free text."""
    return (each for each in table._meta.columns if isinstance(each, Varchar | Text | Bytea))


def messages_of(installed: InstalledModule) -> Iterator[tuple[str, str]]:
    """The messages in the sources and templates of a module, with their contexts."""
    folder = part(installed.package).__path__[0]
    for _, _, message, _, context in extract_from_dir(folder, EXTRACTED, HOW, DEFAULT_KEYWORDS):
        yield (message[0] if isinstance(message, tuple) else message), context or ""


def catalogue_of(installed: InstalledModule) -> dict[tuple[str, str], object]:
    if installed.locale is None:
        return {}
    path = installed.locale / f"fr/LC_MESSAGES/{installed.name}.po"
    with path.open("rb") as file:
        every = [each for each in read_po(file, locale="fr") if each.id and not each.fuzzy]
    return {(each.context or "", each.id[0] if isinstance(each.id, tuple) else each.id): each.string for each in every}


def addresses_of(modules: ModuleRegistry, name: str) -> Iterator[tuple[str, str]]:
    """The desk addresses of a module, with their parameters as written."""
    package = modules.packages("desk").get(name)
    for handler in handlers_in(package) if package else ():
        for path in handler.paths:
            for method in handler.http_methods:
                if method not in ("HEAD", "OPTIONS"):
                    yield str(method), re.sub(r":\w+\}", "}", path)


async def tried(clerk: Clerk, method: str, path: str, named: dict[str, str]) -> int:
    path = re.sub(r"\{(\w+)\}", lambda found: named.get(found[1], NO_ID), path)
    if method == "GET":
        return (await clerk.http.get(path)).status_code
    token = clerk.token if clerk.page is not None else ""
    return (await clerk.http.post(path, data={"_csrf": token})).status_code


@asynccontextmanager
async def migrating(url: str, modules: ModuleRegistry) -> AsyncIterator[Engine]:
    """An engine on a database before its migration."""
    engine = open_engine(url)
    bind(engine, modules=modules)
    try:
        yield engine
    finally:
        await engine.close()
