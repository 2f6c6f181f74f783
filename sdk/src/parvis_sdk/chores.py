"""Chores: recurring work of a plugin for each town, by an interval in minutes or at an hour of the town's clock.

async def compare(town: Town, connection: Connection) -> Done:
    answer = await called(connection.http, "GET", "https://crew.example.org/jobs", now=connection.now)
    return Done(count=len(answer.json()))

Chore(code="compare", title=Text(fr="Comparaison", en="Comparison"), turns=Daily(at=time(4, 30)), work=compare)
"""

from collections.abc import Awaitable, Callable, Iterator
from datetime import time
from typing import Any

from msgspec import Struct

from parvis_sdk.connectors import Connection
from parvis_sdk.errors import DeclarationMistake, Words
from parvis_sdk.finding import Scope
from parvis_sdk.made_of import shape_mistakes
from parvis_sdk.noun_mistakes import noun_mistakes
from parvis_sdk.scope_mistakes import reading_mistakes
from parvis_sdk.subscriptions import MOST_REMEMBERED, Update, is_kept_as_json
from parvis_sdk.text import Text
from parvis_sdk.towns import Town

LONGEST = 600.0  # seconds that a chore may last for one town
LEAST_MINUTES, MOST_MINUTES = 1, 7 * 24 * 60
MOST_UPDATES = 1000  # of one turn


class Every(Struct, frozen=True, kw_only=True):
    """So many minutes after it was last done: 1 to 10,080 (a week)."""

    minutes: int


class Daily(Struct, frozen=True, kw_only=True):
    """Once a day at `at` by the town's clock (an hour that the change of the clock skips is the one after it), or on
    its business days only. What was missed, as no worker was there, is done once as soon as one is back."""

    at: time
    business_days: bool = False


class Done(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The result of one run: the number of things handled, news about requests, and values to remember.

    `updates` are applied as news of the chore's `connector`, each once by its `key`; a chore without a connector has
    none. `remember` is stored for the connector or the plugin, over all towns together; None deletes a value.
    """

    count: int = 0
    updates: tuple[Update, ...] = ()
    remember: dict[str, Any] = {}


Work = Callable[[Town, Connection], Awaitable[Done | None]]


class Chore(Struct, frozen=True, kw_only=True):
    """Something to be done again and again; `code` is unique in its plugin and stays.

    `work` is called for each town that has the plugin (`towns` narrows it down), by one worker of the installation at
    a time, outside any transaction, and has `seconds` (600 at most). It raises `Later` or `Refused` as a connector
    does; one at an hour of the day that failed is tried again an hour later. It may have been done before and not
    noted, where a process was killed: what it does twice must be as if it was done once.

    `connector` is the name of a connector of this plugin: by its client, its pace and its memory the chore works, and
    its are the updates. "" is the plugin's own, with a client of its own.

    `finds` are the scopes in which it finds requests of the town (`connection.finder`): nothing before an operator
    grants it there. What it then remembers of them is the plugin's own to forget, once a person is erased.
    """

    code: str
    title: Text
    turns: Every | Daily
    work: Work
    towns: tuple[str, ...] = ()
    connector: str = ""
    seconds: float = 60.0
    finds: tuple[Scope, ...] = ()

    @property
    def name(self) -> str:
        """What it is called among the nouns of its plugin."""
        return self.code

    def is_done_in(self, town: str) -> bool:
        """Whether it is done for that town, where the plugin is enabled."""
        return not self.towns or town in self.towns


MINUTES = Text(fr="{minutes} minutes ne sont pas possibles", en="{minutes} minutes are not possible")
FROM_TO = Text(fr="prenez de {least} à {most}", en="take {least} to {most}")
AWARE = Text(fr="l’heure {at} nomme un fuseau horaire", en="the hour {at} names a time zone")
NAIVE = Text(fr="c’est l’heure de la municipalité\u00a0: écrivez time(4, 30)", en="it is the town’s: write time(4, 30)")
SECONDS = Text(fr="{seconds} secondes ne sont pas possibles", en="{seconds} seconds are not possible")
NOT_DONE = Text(fr="la réponse est {given}, au lieu de Done", en="it answered {given} instead of Done")
ANSWER_DONE = Text(fr="répondez Done(...) ou rien", en="answer Done(...) or nothing")
COUNTED = Text(fr="{count} choses ne se comptent pas", en="{count} things cannot be counted")
NOBODYS = Text(
    fr="des nouvelles de requêtes y sont, et aucun connecteur n’est nommé", en="it has updates and names no connector"
)
NAME_ONE = Text(fr="nommez-en un de l’extension", en="name one of the plugin")
TOO_MANY = Text(fr="{many} nouvelles en une fois", en="{many} updates at once")
FEWER = Text(fr="donnez-en {most} au plus, le reste au prochain tour", en="give {most} at most, the rest the next time")
NOT_KEPT = Text(fr="remember n’est pas fait de JSON", en="remember is not made of JSON")
KEEP_PLAIN = Text(
    fr="gardez des mots, des nombres et des listes, {most} octets au plus",
    en="keep words, numbers and lists, {most} bytes at most",
)
UNDONE = Text(fr="rien n’en a été gardé", en="nothing of it was kept")


def chore_mistakes(chore: Chore) -> Iterator[DeclarationMistake]:
    """Every mistake of the declaration of one chore."""
    wrong = list(noun_mistakes(chore, "chore", "work", "town, connection"))
    yield from wrong
    if any(" · turns" in each.where or " · seconds" in each.where for each in wrong):
        return
    where = f"chore {chore.code!r}"
    if not any(" · finds" in each.where for each in wrong):
        yield from (_mistake(where, *each) for each in reading_mistakes(chore.finds))
    match chore.turns:
        case Every(minutes=minutes) if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
            now_what = FROM_TO.format(least=LEAST_MINUTES, most=MOST_MINUTES)
            yield _mistake(where, MINUTES.format(minutes=minutes), now_what)
        case Daily(at=at) if at.tzinfo is not None:
            yield _mistake(where, AWARE.format(at=at), NAIVE)
    if not 0 < chore.seconds <= LONGEST:
        yield _mistake(where, SECONDS.format(seconds=chore.seconds), FROM_TO.format(least=1, most=f"{LONGEST:g}"))


def done_mistakes(chore: Chore, answer: Any) -> Iterator[DeclarationMistake]:
    """Every mistake in a chore's answer for which the host discards the answer."""
    if answer is None:
        return
    if type(answer) is not Done:
        yield _undone(NOT_DONE.format(given=type(answer).__name__), ANSWER_DONE)
        return
    wrong = [_undone(each.what, each.now_what, each.where) for each in shape_mistakes(answer)]
    yield from wrong
    if wrong:
        return
    if isinstance(answer.count, bool) or not 0 <= answer.count < 10**12:
        yield _undone(COUNTED.format(count=answer.count), ANSWER_DONE)
    if answer.updates and not chore.connector:
        yield _undone(NOBODYS, NAME_ONE)
    if len(answer.updates) > MOST_UPDATES:
        yield _undone(TOO_MANY.format(many=len(answer.updates)), FEWER.format(most=MOST_UPDATES))
    if not is_kept_as_json(answer.remember):
        yield _undone(NOT_KEPT, KEEP_PLAIN.format(most=MOST_REMEMBERED))


def _mistake(where: str, what: Words, now_what: Words) -> DeclarationMistake:
    return DeclarationMistake(where=where, what=what, now_what=now_what)


def _undone(what: Words, now_what: Words, where: str = "") -> DeclarationMistake:
    return DeclarationMistake(where=where, what=what, so_what=UNDONE, now_what=now_what)
