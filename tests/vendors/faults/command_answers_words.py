"""A command that answers words, with an argument that must be typed after one that need not be."""

from parvis_sdk.commands import Argument, Command
from parvis_sdk.hooks import hookimpl
from parvis_sdk.text import Text

FROM = Argument(name="since", help=Text(fr="le début", en="the beginning"), kind="day", required=False)
TABLE = Argument(name="table", help=Text(fr="la table", en="the table"))


async def listed(run):
    return "done"


@hookimpl
def commands():
    title = Text(fr="Liste", en="List")
    mixed = Command(code="mixed", title=title, run=listed, arguments=(FROM, TABLE))
    return [Command(code="list", title=title, run=listed), mixed]


# kit: parvis_bad/plugin.py:11 · command 'list' · it answered str instead of an exit code · the command fails · answer
#     0 to 125, or nothing
# host: bad (parvis-bad 1.0) · commands() · parvis_bad/plugin.py:11 · command 'mixed' · argument 'table' · 'table' is
#     required and comes after one that is not · the plugin is left out · put those that are first
