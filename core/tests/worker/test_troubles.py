"""Whatever goes wrong with a delivery is read in French and in English, and what was written before stays readable."""

import asyncio
import time
from types import ModuleType
from typing import get_args

import pytest
from click.testing import CliRunner

from parvis import db
from parvis.cli import outbox as commands
from parvis.db import DatabaseTrouble, transaction
from parvis.db.tables import Delivery
from parvis.outbox import circuits, listing, skip
from parvis.plugins.threads import PluginThreads
from parvis.plugins.trying import OF_DATABASE, FailureKind, attempt
from parvis.requests.keeping.retention import erase
from parvis.troubles import LEFT_OUT
from parvis.worker.chores import chores_of, do_due
from parvis.worker.verdicts import NOW_WHAT
from parvis_sdk.channels import OutgoingMessage
from parvis_sdk.errors import Later, Refused
from parvis_sdk.events import Submitted
from parvis_sdk.subscriptions import Outcome
from parvis_sdk.text import Text
from parvis_testing.worker import ANA

DOWN = Text(fr="l’ERP est en entretien", en="the ERP is being serviced")
NO_LOT = Text(fr="le lot n’existe pas", en="there is no such lot")


async def later(event, request):
    raise Later(DOWN)


async def refused(event, request):
    raise Refused(NO_LOT)


async def broken(event, request):
    raise KeyError("parcel")


async def cancelled(event, request):
    asyncio.current_task().cancel()
    await asyncio.sleep(1)


async def rubbish(event, request):
    return {"note": "done"}


async def hidden_rubbish(event, request):
    return Outcome(move=["start"])


async def hung(event, request):
    await asyncio.Event().wait()


async def blocked(event, request):
    time.sleep(4)  # noqa: ASYNC251 - what must not stop anybody else


class Unsaid(Exception):
    def __str__(self):
        raise RuntimeError("no words for it")


class AboveAll(BaseException):
    """Of no kind that a caller expects."""


async def unsaid(event, request):
    raise Unsaid


async def above_all(event, request):
    raise AboveAll("parcel")


async def half_a_character(event, request):
    raise ValueError("parcel \ud83d")


async def refused_by_half(event, request):
    raise Refused(Text(fr="le lot \ud83d", en="the lot \ud83d"))


async def later_than_never(event, request):
    raise Later(DOWN, "tomorrow")


async def database(event, request):
    raise db.DatabaseAway("parvis.db: database is locked")


WORDS = {
    later: ("later", DOWN.fr, DOWN.en),
    refused: ("refused", NO_LOT.fr, NO_LOT.en),
    broken: ("broken", "le code a levé KeyError: 'parcel'", "it raised KeyError: 'parcel'"),
    cancelled: ("broken", "le code s’est annulé lui-même", "it cancelled itself"),
    rubbish: (
        "broken",
        "valeur reçue\u00a0: une valeur de type dict, au lieu d’un Outcome ou de rien",
        "it returned a dict instead of an Outcome or nothing",
    ),
    unsaid: ("broken", "le code a levé Unsaid", "it raised Unsaid"),
    above_all: ("broken", "le code a levé AboveAll: parcel", "it raised AboveAll: parcel"),
    half_a_character: ("broken", "le code a levé ValueError: parcel", "it raised ValueError: parcel"),
    refused_by_half: ("refused", "le lot", "the lot"),
    later_than_never: ("later", DOWN.fr, DOWN.en),
    hidden_rubbish: ("broken", "l’Outcome reçu n’est pas valide", "it returned an invalid Outcome"),
    hung: ("hung", "aucune réponse en 0,05\u00a0s", "it did not answer within 0.05 s"),
    blocked: ("blocked", "le code a bloqué pendant", "it blocked for"),
    database: (
        "database",
        "la base de données est inaccessible ou occupée (parvis.db: database is locked)",
        "the database is unavailable or busy (parvis.db: database is locked)",
    ),
}


def parts(trouble):
    return (trouble.what, trouble.so_what, trouble.now_what)


def in_both_languages(trouble):
    """Every sentence is used twice, and the two are not the same."""
    return all(isinstance(part, Text) and part.fr and part.en and part.fr != part.en for part in parts(trouble))


def test_every_kind_of_failure_is_tried_here():
    assert {kind for kind, _, _ in WORDS.values()} == set(get_args(FailureKind)) == set(NOW_WHAT)


@pytest.mark.parametrize("handler", WORDS, ids=lambda handler: handler.__name__)
async def test_a_failure_is_read_in_french_and_in_english(make_town, erp, handler, monkeypatch):
    kind, french, english = WORDS[handler]
    town = make_town(erp(handler, Submitted))
    if handler is blocked:
        monkeypatch.setattr("parvis.plugins.threads.BLOCKED", 0.5)
        town.host = town.host.having(PluginThreads())
    reference = await town.submit()
    await town.another_relay(seconds=0.05 if handler is hung else 20).step()
    line = await town.only("postponed", "dead")
    assert in_both_languages(line.trouble), parts(line.trouble)
    assert line.trouble.now_what in (NOW_WHAT[kind].waiting, NOW_WHAT[kind].given_up)
    for language, words in (("fr", french), ("en", english)):
        who, subscriber, about, *rest = line.trouble.to(language).split(" · ")
        assert (who, subscriber, about) == ("erp (parvis-erp 1.2)", "erp.order", reference)
        assert any(part.startswith(words) for part in rest), rest
    assert str(line.trouble) == line.trouble.to("en")
    for state in await circuits.states():
        assert state.last_trouble == line.trouble


@pytest.mark.parametrize("handler", [later, broken, hung, database], ids=lambda handler: handler.__name__)
async def test_what_was_given_up_after_many_tries_is_read_in_both(make_town, erp, handler):
    town = make_town(erp(handler, Submitted))
    await town.submit()
    async with transaction(town.engine):
        await Delivery.update({Delivery.attempts: 79}, force=True)
    await town.another_relay(seconds=0.05 if handler is hung else 20).step()
    line = await town.only("dead")
    assert in_both_languages(line.trouble), parts(line.trouble)
    assert "abandonnée après 80 essais" in line.trouble.to("fr")
    assert line.trouble.to("fr").endswith("puis relancez la livraison")
    assert line.trouble.to("en").endswith("then revive the delivery")


async def test_a_delivery_whose_workers_end_and_one_whose_plugin_is_gone_are_read_in_both(make_town, erp):
    town = make_town(erp(later, Submitted))
    await town.submit()
    async with transaction(town.engine):
        await Delivery.update({Delivery.attempts: 80}, force=True)
    await town.relay.drain()
    worn_out = await town.only("dead")
    assert "s’est arrêté trop de fois avant de répondre" in worn_out.trouble.to("fr")
    assert in_both_languages(worn_out.trouble), parts(worn_out.trouble)
    await town.submit()
    gone = make_town()
    await do_due(gone.engine, tuple(each for each in chores_of(gone.host) if each.name == "parked"), "w")
    parked = await town.only("postponed")
    assert in_both_languages(parked.trouble), parts(parked.trouble)
    assert parked.trouble.to("fr").startswith("erp.order · outbox · aucune extension installée n’a d’abonnement")


async def test_an_answer_that_could_not_be_written_is_read_in_both(make_town, erp, monkeypatch):
    async def well(event, request):
        return None

    async def full(*given):
        raise db.DatabaseFull("parvis.db: no room left to write")

    town = make_town(erp(well, Submitted))
    await town.submit()
    monkeypatch.setattr("parvis.worker.relay.settle", full)
    monkeypatch.setattr("parvis.worker.relay.FIRST_WAIT", 0)
    await town.relay.step()
    line = await town.only("postponed")
    assert in_both_languages(line.trouble), parts(line.trouble)
    assert "sa réponse n’a pas pu être écrite\u00a0: la base de données est pleine" in line.trouble.to("fr")
    assert "its answer could not be written: the database is full" in line.trouble.to("en")


def test_every_trouble_of_a_database_has_words_of_its_own():
    def below(kind):
        return {kind}.union(*(below(each) for each in kind.__subclasses__()))

    assert set(OF_DATABASE) == {kind for kind in below(DatabaseTrouble) if kind.__module__.startswith("parvis.")}
    for words in (*OF_DATABASE.values(), LEFT_OUT):
        assert words.fr
        assert words.en not in ("", words.fr)


async def test_words_of_an_author_in_one_language_are_shown_as_they_came(make_town, erp):
    async def plain(event, request):
        raise Refused("Lot 12 is locked")

    town = make_town(erp(plain, Submitted))
    await town.submit()
    await town.relay.step()
    trouble = (await town.only("dead")).trouble
    assert trouble.what == "Lot 12 is locked"
    for language in ("fr", "en"):
        assert " · Lot 12 is locked · " in trouble.to(language)


@pytest.mark.parametrize("row", ["erp · on · it raised KeyError: 'x' · tried again", '{"who": "erp"}', "{", "[]", "12"])
async def test_a_row_from_before_stays_readable(make_town, erp, row):
    town = make_town(erp(later, Submitted))
    await town.submit()
    async with transaction(town.engine):
        await Delivery.update({Delivery.trouble: row, Delivery.state: "dead"}, force=True)
    trouble = (await town.only("dead")).trouble
    assert trouble.to("fr") == trouble.to("en") == row


async def test_a_reason_that_a_person_typed_is_said_as_typed_in_any_language(make_town, erp):
    town = make_town(erp(refused, Submitted))
    await town.submit()
    await town.relay.step()
    typed = '{"what": "Réglé au téléphone"}'
    assert await skip(town.engine, (await town.only("dead")).id, typed)
    trouble = (await town.only("skipped")).trouble
    assert trouble.to("fr") == trouble.to("en") == typed


async def test_a_message_that_erasure_stopped_says_so_in_both(make_town, erp, pigeon):
    async def order(event, request):
        return Outcome(messages=(OutgoingMessage(to="zoe@exemple.ca", subject="Bon", text="Bon", language="fr"),))

    async def send(message):
        raise Later(DOWN, only_this=True)

    town = make_town(erp(order, Submitted), pigeon(send))
    reference = await town.submit()
    await town.relay.drain()
    await erase(town.host, reference, actor=ANA)
    stopped = [line.trouble for line in await listing(["skipped"])]
    assert [(trouble.to("fr"), trouble.to("en")) for trouble in stopped] == [
        ("la requête a été détruite", "the request was erased")
    ]


async def test_the_command_says_it_in_english(make_town, erp, monkeypatch):
    town = make_town(erp(later, Submitted))
    await town.submit()
    await town.relay.step()

    class Host:
        host = town.host

    loop = asyncio.get_running_loop()
    monkeypatch.setattr(commands, "read", lambda file: None)
    monkeypatch.setattr(
        commands, "with_deployment", lambda settings, do: asyncio.run_coroutine_threadsafe(do(Host), loop).result()
    )
    listed = (await asyncio.to_thread(CliRunner().invoke, commands.outbox, ["list"])).output
    assert str((await town.only("postponed")).trouble) in listed
    assert DOWN.en in listed


async def test_very_long_words_are_kept_whole_enough_to_be_read(make_town, erp):
    async def long(event, request):
        raise Refused(Text(fr='é"\\' * 5000, en="x" * 5000))

    town = make_town(erp(long, Submitted))
    await town.submit()
    await town.relay.step()
    trouble = (await town.only("dead")).trouble
    assert in_both_languages(trouble), parts(trouble)
    assert 1000 < len(trouble.what.fr) < 2000


@pytest.mark.parametrize("raised", [AboveAll, KeyboardInterrupt, GeneratorExit], ids=lambda each: each.__name__)
async def test_whatever_a_plugin_raises_on_its_thread_is_its_own_failure(raised):
    async def raises():
        raise raised

    threads, module = PluginThreads(), ModuleType("crews")
    tried = await attempt(raises, 5.0, function=raises, module=module, threads=threads)
    await threads.close()
    assert (tried.kind, str(tried)) == ("broken", f"it raised {raised.__name__}")
