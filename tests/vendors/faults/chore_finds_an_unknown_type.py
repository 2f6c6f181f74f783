"""A chore whose scope names a type that nobody declares."""

from parvis_bad.sound import LAMP

from parvis_sdk.chores import Chore, Every
from parvis_sdk.finding import Scope
from parvis_sdk.hooks import hookimpl
from parvis_sdk.text import Text

OTHERS = Scope(types=("lampe",))


async def count(town, connection):
    await connection.finder.find()


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def chores():
    title = Text(fr="Compte", en="Count")
    return [Chore(code="count", title=title, turns=Every(minutes=60), work=count, finds=(OTHERS,))]


# kit: parvis_bad/plugin.py:13 · chore 'count' · its scope names the type 'lampe', which nobody declares · nothing is
#     found there · did you mean 'lamp'?
# host: bad (parvis-bad 1.0) · chores() · parvis_bad/plugin.py:13 · chore 'count' · its scope names the type 'lampe',
#     which nobody declares · nothing is found there · did you mean 'lamp'?
