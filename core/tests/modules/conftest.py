"""A module made for a test: a package with tables and steps of its own, found as an installed one would be."""

import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from parvis.modules import NOTHING_PERSONAL, Command, InstalledModule, Module
from parvis_sdk.text import Text

Making = Callable[..., InstalledModule]
FIRST = "2026-11-29T20:00:00:000000"


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder whose packages can be imported as long as the test lasts."""
    folder = tmp_path / "packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    before = set(sys.modules)
    yield folder
    for name in set(sys.modules) - before:
        if name.partition(".")[0] in {each.name for each in folder.iterdir()}:
            del sys.modules[name]


@pytest.fixture
def written(packages: Path) -> Callable[[str, str], None]:
    """Writes a file of a package, with the packages around it."""

    def write(path: str, text: str) -> None:
        file = packages / path
        file.parent.mkdir(parents=True, exist_ok=True)
        for parent in file.relative_to(packages).parents:
            if parent.name and file.suffix == ".py":
                (packages / parent / "__init__.py").touch()
        file.write_text(textwrap.dedent(text), "utf-8")
        sys.modules.pop(path.removesuffix(".py").replace("/", "."), None)

    return write


@pytest.fixture
def tide(written: Callable[[str, str], None]) -> InstalledModule:
    """A module that notes tides: one table, made by one step."""
    written(
        "parvis_tide/tables.py",
        '''
        """The tables of the tides."""

        from piccolo.columns import UUID, Varchar
        from piccolo.table import Table


        class Tide(Table, tablename="tide_mark"):
            """tide: how high the water stood."""

            id = UUID(primary_key=True, default=None)
            jurisdiction = Varchar(length=60)
            height = Varchar(length=10)


        TABLES = (Tide,)
        ''',
    )
    step(written, "tide", FIRST)
    written(
        "parvis_tide/desk.py",
        """
        from litestar import get

        from parvis.i18n import gettext
        from parvis.web.desk.context import DeskContext
        from parvis.web.links import PageLink
        from parvis.web.pages import AnyRequest


        @get("/bureau/marees")
        async def show(request: AnyRequest) -> object:
            return DeskContext(request).show("tide/tides.html")


        LINK = PageLink(
            slot="desk.menu", path="/bureau/marees", after="/bureau", text=lambda: gettext("Tides"), right="work"
        )
        """,
    )
    written(
        "parvis_tide/operators.py",
        """
        from litestar import get

        from parvis.web.links import PageLink
        from parvis.web.operators.context import OperatorContext
        from parvis.web.pages import AnyRequest


        @get("/exploitation/marees")
        async def show(request: AnyRequest) -> str:
            return f"for {OperatorContext(request).person.name}"


        LINK = PageLink(slot="operators.menu", path="/exploitation/marees", after="/exploitation", text=lambda: "Tides")
        """,
    )
    for place, address in (("portal", "/fr/marees"), ("resident", "/fr/suivi/marees")):
        written(
            f"parvis_tide/{place}.py",
            f"""
            from litestar import get


            @get("{address}")
            async def show() -> str:
                return "3 m"
            """,
        )
    written(
        "parvis_tide/chores.py",
        """
        from datetime import timedelta

        from parvis.chores import Chore
        from parvis_sdk.text import Text


        def chores_of(host):
            async def work() -> int:
                return 7

            title = Text(fr="Hauteurs d’eau", en="Levels of the water")
            return (Chore(name="tides", every=timedelta(minutes=1), work=work, title=title),)
        """,
    )
    written(
        "parvis_tide/commands.py",
        """
        import click


        @click.command()
        @click.option("--metres", default=3)
        def tides(metres: int) -> None:
            \"\"\"Say how high the water stands.\"\"\"
            click.echo(f"{metres} m")
        """,
    )
    written(
        "parvis_tide/templates/tides.html",
        "{% extends 'desk/base.html' %}{% block main %}<h1>{{ _('Tides') }}</h1>{% endblock %}",
    )
    written("parvis_tide/locale/fr/LC_MESSAGES/tide.po", CATALOGUE)
    return InstalledModule(module=MODULE, package="parvis_tide", distribution="parvis-tide", version="1.2")


MODULE = Module(
    name="tide",
    title=Text(fr="Marées", en="Tides"),
    summary=Text(fr="Note la hauteur de l’eau.", en="Notes how high the water stands."),
    tables="parvis_tide.tables",
    steps="parvis_tide.migrations",
    personal=NOTHING_PERSONAL,
    desk="parvis_tide.desk",
    operators="parvis_tide.operators",
    portal="parvis_tide.portal",
    resident="parvis_tide.resident",
    chores="parvis_tide.chores",
    commands=(Command(name="tides", summary="How high the water stands.", written="parvis_tide.commands:tides"),),
)
CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Tides"
msgstr "Marées de l’estuaire"
"""


def step(written: Callable[[str, str], None], name: str, at: str, more: str = "", columns: str = "") -> None:
    """A step of a module which makes its table, or adds these columns to it."""
    made = "add_columns" if columns else "add_table"
    columns = columns or '{"id": (UUID, {"primary_key": True, "default": None}), **TEXTS}'
    written(
        f"parvis_{name}/migrations/step_{at[:10].replace('-', '_')}_{at[11:13]}.py",
        f"""
        from piccolo.apps.migrations.auto.migration_manager import MigrationManager
        from piccolo.columns import UUID, Varchar

        from parvis.db.steps import add_columns, add_table

        ID = "{at}"
        VERSION = "1.38.0"
        DESCRIPTION = ""
        TEXTS = {{
            "jurisdiction": (Varchar, {{"length": 60, "default": ""}}),
            "height": (Varchar, {{"length": 10, "default": ""}}),
        }}
        {more}

        async def forwards():
            manager = MigrationManager(migration_id=ID, app_name="parvis_{name}", description=DESCRIPTION)
            {made}(manager, "{name.title()}", "{name}_mark", {columns})
            return manager
        """,
    )
