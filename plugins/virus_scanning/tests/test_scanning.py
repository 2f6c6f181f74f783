"""With an antivirus, what is received is held until it was scanned: shown to nobody, lost never, told when infected."""

import asyncio
import dataclasses
import io
from types import ModuleType

import msgspec
import pytest
from PIL import Image

from parvis.db.tables import Delivery
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.loading import load_plugins
from parvis.requests.actors import Actor
from parvis.requests.attached.antivirus import UploadGuard, guard_by, held_now
from parvis.requests.attached.attachments import content_of, kept, kept_of, waiting
from parvis.requests.attached.receiving import receive_file
from parvis.requests.history import broken_at
from parvis.requests.payloads import words_of
from parvis.requests.timeline import story
from parvis.requests.visibility import HOLDER as ITS_HOLDER
from parvis.requests.visibility import PUBLIC
from parvis.requests.work.conversation import reply
from parvis_sdk.errors import Later
from parvis_sdk.events import FilesReady, Replied
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import on
from parvis_sdk.virus_scanners import Clean, Infected, NotScanned
from parvis_testing.antivirus import AnsweringScanner
from parvis_virus_scanning.rounds import FileScanner

TEXTS = ("text/plain", "application/pdf", "image/jpeg")
HOLDER = "h" * 64
ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")


def picture(size=(40, 20)):
    written = io.BytesIO()
    Image.new("RGB", size, "red").save(written, "JPEG")
    return written.getvalue()


def with_scanner(town, scanner):
    host = town.host.having(UploadGuard(scanner))
    return dataclasses.replace(town, host=host)


async def sent_with(town, content=None, name="trou.jpg"):
    photo = await receive_file(town.host, HOLDER, "photos", name, content or picture(), kinds=TEXTS)
    receipt = await town.submit(answers={"danger": False, "photos": [photo.id]}, holder=HOLDER)
    return photo, receipt.reference


async def test_a_clean_file_is_shown_from_then_on(town):
    held = with_scanner(town, AnsweringScanner(Clean()))
    photo, _ = await sent_with(held)
    assert await FileScanner(held.host, held.host.of(UploadGuard).scanner).step() == 1
    file = await kept(photo.id)
    (await content_of(held.host, file, small=True)).close()
    assert (file.attachment.state, file.is_inline) == ("ready", True)
    assert (await held_now()).count == 0


async def test_of_an_infected_file_nothing_stays_but_its_name_and_all_who_must_know_are_told(town):
    held = with_scanner(town, AnsweringScanner(Infected(virus="Eicar-Test")))
    photo, reference = await sent_with(held)
    digest = photo.digest
    await FileScanner(held.host, held.host.of(UploadGuard).scanner).step()
    record = await town.record(reference)
    (file,) = await kept_of(record)
    assert (file.attachment.state, file.attachment.name, file.attachment.digest) == ("infected", "trou.jpg", "")
    for gone in (digest, file.small):
        with pytest.raises(FileNotFoundError):
            held.host.files.open(gone)
    told = (await story(held.host, record, ITS_HOLDER, "fr"))[-1]
    assert told.title == "Fichier retiré\u00a0: un virus y a été trouvé"
    assert "«\u00a0trou.jpg\u00a0»" in told.words
    assert "Eicar-Test" in told.words
    assert all(line.kind != "infected" for line in await story(held.host, record, PUBLIC, "fr"))
    assert await broken_at(record) is None


async def listening(event, request):
    """The channel by which people are written to."""


def heard_by(held, town_plugin, *events):
    """The same town with somebody who listens to these events."""
    module = ModuleType("a_plugin_that_listens")
    module.request_types = town_plugin.plugin.request_types
    module.subscriptions = hookimpl(lambda: [on(*events)(listening)])
    plugins = load_plugins([DiscoveredPlugin.of("town", module)])
    return dataclasses.replace(held, host=dataclasses.replace(held.host, plugins=plugins))


async def test_whoever_listens_is_told_once_that_a_clean_file_is_ready(town, town_plugin):
    held = heard_by(with_scanner(town, AnsweringScanner(Clean())), town_plugin, FilesReady)
    _, reference = await sent_with(held)
    await receive_file(held.host, HOLDER, "photos", "autre.jpg", picture(), kinds=TEXTS)
    while await FileScanner(held.host, held.host.of(UploadGuard).scanner).step():
        pass
    told = await Delivery.select(Delivery.reference).where(Delivery.subscriber == "town.listening")
    assert told == [{"reference": reference}]


async def test_the_requester_is_written_to_about_a_virus_in_what_they_sent(town, town_plugin):
    held = heard_by(with_scanner(town, AnsweringScanner(Infected(virus="Eicar-Test"))), town_plugin, Replied)
    _, reference = await sent_with(held)
    await FileScanner(held.host, held.host.of(UploadGuard).scanner).step()
    record = await town.record(reference)
    assert "«\u00a0trou.jpg\u00a0»" in await words_of(record, record.entries)
    (delivery,) = await Delivery.select(Delivery.event).where(Delivery.subscriber == "town.listening")
    assert msgspec.json.decode(delivery["event"])["entry"] == record.entries


async def test_a_virus_in_what_the_desk_sends_is_told_to_colleagues_alone(town):
    held = with_scanner(town, AnsweringScanner(Infected(virus="Eicar-Test")))
    receipt = await town.submit(answers={"danger": False})
    theirs = await receive_file(held.host, "d" * 64, "files", "plan.jpg", picture())
    await reply(held.host, receipt.reference, "Voici le plan.", actor=ANA, files=[theirs.id], holder="d" * 64)
    await FileScanner(held.host, held.host.of(UploadGuard).scanner).step()
    record = await town.record(receipt.reference)
    assert all(line.kind != "infected" for line in await story(held.host, record, ITS_HOLDER, "fr"))
    assert (await kept_of(record))[0].attachment.state == "infected"


async def test_a_submission_with_an_infected_file_is_told_which_one_to_take_away(town):
    held = with_scanner(town, AnsweringScanner(Infected(virus="Eicar-Test")))
    photo = await receive_file(held.host, HOLDER, "photos", "trou.jpg", picture())
    await FileScanner(held.host, held.host.of(UploadGuard).scanner).step()
    problems = await town.submit(answers={"danger": False, "photos": [photo.id]}, holder=HOLDER)
    (problem,) = problems.found
    assert problem.code == "file_infected"
    assert "«\u00a0trou.jpg\u00a0»" in problem.message.fr


async def test_while_the_antivirus_is_away_files_wait_and_operators_see_it_and_it_takes_up_where_it_left(town):
    held = with_scanner(town, AnsweringScanner(Later("clamd: connection refused")))
    sizes = [(30, 10 + number) for number in range(3)]
    photos = [await receive_file(held.host, HOLDER, "photos", "a.jpg", picture(size=size)) for size in sizes]
    scanning = FileScanner(held.host, held.host.of(UploadGuard).scanner)
    assert await scanning.step() == 3
    assert await scanning.step() == 0, "it is not asked again at once"
    seen = await held_now()
    assert (seen.count, seen.trouble) == (3, "clamd: connection refused")
    held.host.of(UploadGuard).scanner.answer = Clean()
    late = await receive_file(held.host, HOLDER, "photos", "late.jpg", picture(size=(9, 9)))
    assert await scanning.step() == 1
    assert await scanning.step() == 3, "it is back: nobody waits longer"
    states = {id: file.state for id, file in (await waiting(HOLDER)).items()}
    assert states == dict.fromkeys([each.id for each in (*photos, late)], "ready")


async def test_what_cannot_be_judged_stays_held_and_does_not_stop_the_others(town):
    held = with_scanner(town, AnsweringScanner(NotScanned(why="INSTREAM size limit exceeded. ERROR")))
    photo = await receive_file(held.host, HOLDER, "photos", "trou.jpg", picture())
    await FileScanner(held.host, held.host.of(UploadGuard).scanner).step()
    assert (await kept(photo.id)).attachment.state == "held"
    assert "size limit" in (await held_now()).trouble


async def test_two_workers_share_what_is_held(town):
    scanner = AnsweringScanner(Clean())
    held = with_scanner(town, scanner)
    for number in range(4):
        await receive_file(held.host, HOLDER, "photos", f"{number}.jpg", picture(size=(20, 10 + number)))
    await asyncio.gather(*(FileScanner(held.host, scanner).step() for _ in range(3)))
    assert scanner.asked == 4


class Breaking(AnsweringScanner):
    """A scanner whose author made a mistake."""

    async def scan(self, content):
        self.asked += 1
        if callable(self.answer):
            return await self.answer()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


async def never():
    await asyncio.sleep(3600)


BROKEN = [
    (ValueError("no such answer"), "it raised ValueError: no such answer"),
    (True, "scan answered True instead of Clean, Infected or NotScanned"),
    (None, "scan answered None instead of Clean, Infected or NotScanned"),
    (Infected(virus=""), "Infected has no words in virus"),
    (NotScanned(why=3), "NotScanned has no words in why"),
    (never, "it did not answer within 0.2 s"),
]


@pytest.mark.parametrize(("answer", "said"), BROKEN)
async def test_what_a_broken_scanner_answers_is_never_taken_for_clean_and_is_named(town, answer, said):
    scanner = Breaking(answer)
    scanner.seconds = 0.2
    held = with_scanner(town, scanner)
    photo = await receive_file(held.host, HOLDER, "photos", "trou.jpg", picture())
    await FileScanner(held.host, scanner).step()
    assert (await kept(photo.id)).attachment.state == "held"
    trouble = (await held_now()).trouble
    assert trouble.startswith("answering · virus_scanners() · ")
    assert said in trouble
    assert "files that are received wait" in trouble


async def test_a_worker_that_starts_asks_at_once_about_what_a_broken_scanner_left(town):
    scanner = Breaking(ValueError("not today"))
    held = with_scanner(town, scanner)
    photo = await receive_file(held.host, HOLDER, "photos", "trou.jpg", picture())
    await FileScanner(held.host, scanner).step()
    scanner.answer, stopping = Clean(), asyncio.Event()
    running = asyncio.create_task(FileScanner(held.host, scanner).run(stopping))
    for _ in range(100):
        await asyncio.sleep(0.05)
        if (await kept(photo.id)).attachment.state == "ready":
            break
    stopping.set()
    await running
    assert (await kept(photo.id)).attachment.state == "ready"


async def test_what_a_scanner_says_is_kept_short_and_on_one_line(town):
    held = with_scanner(town, AnsweringScanner(Infected(virus="Eicar\n\u202eevil" + "x" * 500)))
    _, reference = await sent_with(held)
    await FileScanner(held.host, held.host.of(UploadGuard).scanner).step()
    told = (await story(held.host, await town.record(reference), ITS_HOLDER, "fr"))[-1]
    assert "(Eicar evilx" in told.words
    assert "x" * 100 not in told.words


async def test_a_scanner_that_is_named_and_not_there_holds_what_comes(town):
    guard = guard_by("clamav", town.host.plugins, is_asked=True)
    held = dataclasses.replace(town, host=town.host.having(guard))
    photo = await receive_file(held.host, HOLDER, "photos", "trou.jpg", picture())
    await FileScanner(held.host, guard.scanner).step()
    assert (await kept(photo.id)).attachment.state == "held"
    assert (await held_now()).trouble == "no plugin brings the virus scanner 'clamav'"
