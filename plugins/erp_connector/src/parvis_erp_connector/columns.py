"""The command that lists the columns of a table of the ERP, to write the mapping of values by."""

from collections.abc import Mapping

from parvis_erp_connector.dialects import opened
from parvis_erp_connector.settings import Settings
from parvis_sdk.commands import Argument, Command, CommandRun
from parvis_sdk.errors import Refused
from parvis_sdk.mapping import Described
from parvis_sdk.text import Text

TITLE = Text(fr="Colonnes d’une table de l’ERP", en="Columns of a table of the ERP")
SYSTEM = Text(fr="le système, par son nom dans `systems`", en="the system, by its name in `systems`")
TABLE = Text(fr="la table, par son nom dans ce système", en="the table, by its name in that system")
WRITABLE = Text(fr="seulement les colonnes modifiables", en="writable columns only")
NO_SYSTEM = Text(fr="aucun système {name}\u00a0; il y a {names}", en="there is no system {name}; there are {names}")
NO_TABLE = Text(fr="aucune colonne dans {table}", en="no column in {table}")


class Columns:
    """The command, with the systems of the settings."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def command(self) -> Command:
        """What is typed: `parvis erp_connector columns works project.work`."""
        return Command(
            code="columns",
            title=TITLE,
            run=self.run,
            arguments=(
                Argument(name="system", help=SYSTEM),
                Argument(name="table", help=TABLE),
                Argument(name="writable", help=WRITABLE, kind="yes"),
            ),
        )

    async def run(self, run: CommandRun) -> int:
        """One line for each column: its name, its kind, how long it may be, whether it must be filled, its codes."""
        name, table = run.arguments["system"], run.arguments["table"]
        if name not in self.settings.systems:
            raise Refused(NO_SYSTEM.format(name=repr(name), names=", ".join(self.settings.systems) or "–"))
        columns = await opened(self.settings, name)(run.connection).described(table)
        lines = [*lines_of(columns, writable=run.arguments["writable"])]
        if not lines:
            run.say(NO_TABLE.format(table=table))
            return 1
        for line in lines:
            run.write(line)
        return 0


def lines_of(columns: Mapping[str, Described], *, writable: bool) -> list[str]:
    """A column a line, in order of their names."""
    return [
        "  ".join(part for part in (name, each.kind, _limits(each), " ".join(map(str, each.codes))) if part)
        for name, each in sorted(columns.items())
        if each.writable or not writable
    ]


def _limits(column: Described) -> str:
    marks = [f"≤{column.most}"] if column.most else []
    return " ".join([*marks, *(["*"] if column.required else [])])
