"""A chore that searches by an answer which its scope does not name."""

from parvis_bad.sound import LAMP

from parvis_sdk.chores import Chore, Every
from parvis_sdk.finding import Scope
from parvis_sdk.hooks import hookimpl
from parvis_sdk.text import Text

OTHERS = Scope(types=(LAMP.code,))


async def count(town, connection):
    await connection.finder.find(answers={"colour": "red"})


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def chores():
    title = Text(fr="Compte", en="Count")
    return [Chore(code="count", title=title, turns=Every(minutes=60), work=count, finds=(OTHERS,))]


# kit: parvis_bad/plugin.py:13 · chore 'count' · it raises OutsideScope: the answer 'colour' is not in the scope of
#     'lamp': — · the turn is lost · correct its function work
