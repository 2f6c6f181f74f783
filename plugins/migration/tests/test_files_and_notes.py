"""What a row says besides: files in a folder or a ZIP, notes with dates and authors, links to other numbers."""

import io
import threading
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from msgspec import structs
from PIL import Image

from parvis.cli.troubles import Unusable
from parvis.db.tables import Attachment, Tie
from parvis.http_client import Clients
from parvis.requests.attached.attachments import content_of, kept_of
from parvis.requests.history import broken_at, entries_of
from parvis.requests.relations.ties import ties_of
from parvis.sections import OutgoingSettings
from parvis_migration.attached import OldFiles
from parvis_migration.bringing import Order
from parvis_migration.journal import OldNote, read_journal
from parvis_migration.origins import references_for
from parvis_migration.proposing import propose
from parvis_migration.running import run_through
from parvis_migration.sources import read_source
from parvis_migration.trying import try_out
from parvis_migration.undoing import undo
from parvis_testing.ports import free_port

pytestmark = pytest.mark.both_engines
ROWS = (
    "number,type,state,submitted,closed,words,photos,suivi",
    'P-17,Trou,Closed,2016-03-04 08:00,2016-03-09 10:00,Un trou,"a.jpg; C:\\old\\B.JPG;gone.jpg;twin.jpg",'
    '"2016-03-05 09:30 Henri Roy : vu sur place\net mesuré\n2016-03-10 : cône retiré"',
    "P-18,Trou,Open,2019-03-04 08:00,,Un autre trou,virus.exe,appelé deux fois",
)


@pytest.fixture
def photo():
    written = io.BytesIO()
    Image.new("RGB", (160, 16), "white").save(written, "JPEG")
    return written.getvalue()


@pytest.fixture
def place(tmp_path, photo):
    """A folder of an old system, and something beside it that is nobody's business."""
    (tmp_path / "secret.jpg").write_bytes(photo)
    folder = tmp_path / "photos"
    for name in ("a.jpg", "2016/b.jpg", "one/twin.jpg", "two/twin.jpg"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(photo)
    (folder / "virus.exe").write_bytes(b"MZ\x90\x00" * 40)
    (folder / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    return folder


@pytest.fixture
def zipped(place, tmp_path):
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        for file in sorted(place.rglob("*")):
            if file.is_file() and not file.is_symlink():
                archive.write(file, file.relative_to(place))
    return tmp_path / "photos.zip"


def read(tmp_path, *rows):
    (tmp_path / "old.csv").write_text("\n".join(rows), "utf-8")
    return read_source(tmp_path / "old.csv")


def mapping_for(town, there, source):
    mapping = propose(town.host, there, source, "gestion-311").mapping
    columns = structs.replace(mapping.columns, words=("words",), notes=(), files=("photos",), journal=("suivi",))
    return structs.replace(mapping, types={"*": "hole"}, columns=columns)


async def run(town, there, source, old, digest="a"):
    told = []
    order = Order(named="old.csv", digest=digest, mapping_text="", by="Henri")
    mapping = mapping_for(town, there, source)
    done = await run_through(
        town.host, there, mapping, source, order, lambda words: None, lambda row, _: told.append(row), old
    )
    return done, {(each.code, each.value) for row in told for each in row.findings}


@pytest.mark.parametrize("form", ["place", "zipped"])
async def test_files_come_with_their_requests_and_go_with_them(town, there, tmp_path, form, request):
    old = OldFiles(request.getfixturevalue(form))
    done, told = await run(town, there, read(tmp_path, *ROWS), old)
    assert done.trial.outcomes == {"new": 2}
    assert {each for each in told if each[0] != "file_refused"} == {("no_file", "gone.jpg"), ("file_twice", "twin.jpg")}
    assert ("file_refused", "virus.exe") in told
    [reference] = await references_for(there, "P-17")
    record = await town.record(reference)
    kept = await kept_of(record)
    assert sorted((each.attachment.name, each.audience) for each in kept) == [
        ("B.JPG", "internal"),
        ("a.jpg", "internal"),
    ]
    with await content_of(town.host, kept[0]) as content:
        assert content.read(2) == b"\xff\xd8"
    digests = {each.attachment.digest for each in kept}
    await undo(town.host, there, done.batch, "Henri")
    assert await Attachment.count() == 0
    for digest in digests:
        with pytest.raises(FileNotFoundError):
            town.host.files.open(digest)


async def test_notes_stand_at_their_time_with_their_author_between_the_steps(town, there, tmp_path, place):
    await run(town, there, read(tmp_path, *ROWS), OldFiles(place))
    record = await town.record((await references_for(there, "P-17"))[0])
    entries = await entries_of(record)
    assert [entry.kind for entry in entries] == ["submitted", "note", "moved", "note", "note", "migrated"]
    seen, _, after, files = entries[1:5]
    assert (seen.personal["words"], seen.actor.name) == ("vu sur place\net mesuré", "Henri Roy")
    assert seen.at == datetime(2016, 3, 5, 14, 30, tzinfo=UTC)
    assert (after.personal["words"], after.at) == ("cône retiré", datetime(2016, 3, 10, 5, tzinfo=UTC))
    assert len(files.body["files"]) == 2
    assert await broken_at(record) is None
    other = await town.record((await references_for(there, "P-18"))[0])
    assert (await entries_of(other))[1].personal["words"] == "appelé deux fois"


async def test_a_later_file_brings_only_files_and_notes_that_are_new(town, there, tmp_path, place):
    old = OldFiles(place)
    await run(town, there, read(tmp_path, *ROWS), old)
    later = (*ROWS[:2], ROWS[2].replace("virus.exe,appelé deux fois", '"virus.exe;a.jpg","2019-05-02 Ana : rappelé"'))
    done, _ = await run(town, there, read(tmp_path, *later), old, digest="b")
    assert done.trial.outcomes == {"same": 1, "changed": 1}
    record = await town.record((await references_for(there, "P-18"))[0])
    assert [each.attachment.name for each in await kept_of(record)] == ["a.jpg"]
    assert [entry.actor.name for entry in await entries_of(record) if entry.kind == "note"] == [
        "import",
        "Ana",
        "import",
    ]
    done, _ = await run(town, there, read(tmp_path, *later), old, digest="c")
    assert done.trial.outcomes == {"same": 2}


async def test_a_dry_run_says_which_files_are_not_there_and_takes_none(town, there, tmp_path, place):
    source = read(tmp_path, *ROWS)
    mapping = mapping_for(town, there, source)
    trial = await try_out(town.host, there, mapping, source, lambda row, reference: None, OldFiles(place))
    assert trial.reasons == {("no_file", "photos"): 1, ("file_twice", "photos"): 1}
    trial = await try_out(town.host, there, mapping, source, lambda row, reference: None)
    assert trial.reasons == {("no_files_given", "photos"): 5}
    assert await Attachment.count() == 0


LINKED = (
    "number,type,state,submitted,closed,whole,twin,see",
    "P-17,Trou,Closed,2016-03-04,2016-03-09,P-19,,P-17",
    "P-18,Trou,Closed,2016-03-05,2016-03-09,,P-17,gone",
    "P-19,Trou,Closed,2016-03-06,2016-03-09,,,P-17; P-18",
)


async def test_links_between_old_numbers_become_ties_once_and_go_with_their_batch(town, there, tmp_path):
    source = read(tmp_path, *LINKED)
    mapping = propose(town.host, there, source, "gestion-311").mapping
    columns = structs.replace(mapping.columns, part_of="whole", duplicate_of="twin", related="see")
    mapping = structs.replace(mapping, types={"*": "hole"}, columns=columns)
    trial = await try_out(town.host, there, mapping, source, lambda row, reference: None)
    assert trial.reasons == {("no_link", "see"): 1, ("link_to_itself", "see"): 1}
    said = []
    for digest in "ab":
        order = Order(named="old.csv", digest=digest, mapping_text="", by="Henri")
        await run_through(town.host, there, mapping, source, order, said.append, lambda row, reference: None)
    assert [words.en for words in said if "links" in words.en] == ["links made: 3", "links made: 0"]
    numbered = {
        number: await town.record((await references_for(there, number))[0]) for number in ("P-17", "P-18", "P-19")
    }
    ties = {
        each.record.external_references["gestion-311"]: (each.kind, each.ours)
        for each in await ties_of(numbered["P-17"])
    }
    assert ties == {"P-19": ("child_of", True), "P-18": ("about", False)}
    done = await undo(town.host, there, "gestion-311-1", "Henri")
    assert (done.gone, done.stay, await Tie.count()) == (3, (), 0)


LOST = (
    "number,type,state,submitted,closed,whole,twin",
    "P-1,Trou,Closed,2016-03-04,2016-03-09,P-2,",
    "P-2,Trou,Closed,2016-03-05,2016-03-09,P-3,P-4",
    "P-3,Trou,Closed,2016-03-06,2016-03-09,P-1,P-4",
    "P-4,Trou,Closed,hier,2016-03-09,,P-3",
    "P-4,Trou,Closed,2016-03-06,2016-03-09,,P-1",
)


async def test_links_that_cannot_be_are_told_in_the_trial_and_in_the_run(town, there, tmp_path):
    source = read(tmp_path, *LOST)
    mapping = propose(town.host, there, source, "gestion-311").mapping
    columns = structs.replace(
        mapping.columns, number="number", submitted="submitted", part_of="whole", duplicate_of="twin"
    )
    mapping = structs.replace(mapping, types={"*": "hole"}, columns=columns)
    lost = {
        (3, "P-2", "link_kept_out", "twin", "P-4"),
        (4, "P-3", "link_kept_out", "twin", "P-4"),
        (4, "P-3", "link_in_a_circle", "whole", "P-1"),
    }

    def links_in(rows):
        return {
            (row.line, row.number, told.code, told.column, told.value)
            for row in rows
            for told in row.findings
            if told.code.startswith("link")
        }

    tried, brought = [], []
    trial = await try_out(town.host, there, mapping, source, lambda row, _: tried.append(row))
    assert links_in(tried) == lost
    assert trial.reasons["link_kept_out", "twin"] == 2
    order = Order(named="old.csv", digest="a", mapping_text="", by="Henri")
    said = []
    await run_through(town.host, there, mapping, source, order, said.append, lambda row, _: brought.append(row))
    assert links_in(brought) == lost
    assert said[-1].en == "links made: 2"
    later = ("number,type,state,submitted,closed,whole,twin", "P-3,Trou,Closed,2016-03-06,2016-03-09,P-1,")
    tried.clear()
    await try_out(town.host, there, mapping, read(tmp_path, *later), lambda row, _: tried.append(row))
    assert links_in(tried) == {(2, "P-3", "link_in_a_circle", "whole", "P-1")}  # by what is here already


def test_nothing_outside_of_the_place_is_found(place, tmp_path):
    old = OldFiles(place)
    for name in ("../secret.jpg", str(tmp_path / "secret.jpg"), "link.jpg", ".."):
        assert old.find(name) == "no_file"
    (tmp_path / "no.zip").write_bytes(b"no")
    with pytest.raises(Unusable, match="neither a folder nor a ZIP"):
        OldFiles(tmp_path / "no.zip")


@pytest.mark.parametrize(
    ("cell", "notes"),
    [
        ("", ()),
        ("sans date", (("sans date", None, ""),)),
        ("[14/03/2016 8h05] M. Côté : vu", (("vu", "2016-03-14T12:05", "M. Côté"),)),
        ("2016-03-14T08:05:00 - vu à 10:30", (("vu à 10:30", "2016-03-14T12:05", ""),)),
        ("2015-01-01 : avant le dépôt", (("2015-01-01 : avant le dépôt", None, ""),)),
        ("2099-01-01 : à venir", (("2099-01-01 : à venir", None, ""),)),
        ("2016-13-45 : pas une date", (("2016-13-45 : pas une date", None, ""),)),
    ],
)
def test_a_cell_is_read_note_by_note(cell, notes):
    within = {"earliest": datetime(2016, 1, 1, tzinfo=UTC), "latest": datetime(2026, 1, 1, tzinfo=UTC)}
    read = read_journal(cell, "America/Toronto", day_first=True, **within)
    assert read == tuple(
        OldNote(words=words, at=datetime.fromisoformat(f"{at}:00+00:00") if at else None, by=by)
        for words, at, by in notes
    )


@pytest.fixture
async def web(photo):
    """A server of photos on this machine; `answers` may be changed, by path."""
    answers = {"/a.jpg": (200, photo), "/virus.exe": (200, b"MZ\x90\x00" * 40), "/away.jpg": (503, b"")}
    answers["/no"] = 404, b""

    class Photos(BaseHTTPRequestHandler):
        def do_GET(self):
            status, content = answers[self.path]
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", free_port()), Photos)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", answers
    server.shutdown()
    server.server_close()


async def test_files_by_address_are_judged_as_uploads_and_come_later_where_away(town, there, tmp_path, web, photo):
    address, answers = web
    rows = (
        "number,type,state,submitted,closed,words,photos,suivi",
        f"P-17,Trou,Open,2016-03-04,,Un trou,{address}/a.jpg;{address}/virus.exe;{address}/away.jpg;{address}/no,",
    )
    guarded = replace(town, host=town.host.having(Clients(OutgoingSettings())))
    _, told = await run(guarded, there, read(tmp_path, *rows), None)
    assert {code for code, _ in told} == {"file_away"}  # no address of our own networks is reached
    open_to_here = Clients(OutgoingSettings(private=("127.0.0.0/8",)))
    town = replace(town, host=town.host.having(open_to_here))
    done, told = await run(town, there, read(tmp_path, *rows), None, "b")
    assert done.trial.outcomes == {"changed": 1}
    refused = {("file_refused", f"{address}/{name}") for name in ("virus.exe", "no")}
    assert told == refused | {("file_away", f"{address}/away.jpg")}
    answers["/away.jpg"] = 200, photo
    done, told = await run(town, there, read(tmp_path, *rows), None, "c")
    assert (done.trial.outcomes, told) == ({"changed": 1}, refused)
    done, _ = await run(town, there, read(tmp_path, *rows), None, "d")
    assert done.trial.outcomes == {"same": 1}
    record = await town.record((await references_for(there, "P-17"))[0])
    assert sorted(each.attachment.name for each in await kept_of(record)) == ["a.jpg", "away.jpg"]
    await open_to_here.close()


async def test_two_pictures_of_one_name_are_two_and_one_that_was_away_comes_later(town, there, tmp_path, web, photo):
    address, answers = web
    answers |= {"/1/photo.jpg": (503, b""), "/2/photo.jpg": (200, photo)}
    rows = (
        "number,type,state,submitted,closed,words,photos,suivi",
        f"P-17,Trou,Open,2016-03-04,,Un trou,{address}/1/photo.jpg;{address}/2/photo.jpg,",
    )
    clients = Clients(OutgoingSettings(private=("127.0.0.0/8",)))
    town = replace(town, host=town.host.having(clients))
    _, told = await run(town, there, read(tmp_path, *rows), None)
    assert told == {("file_away", f"{address}/1/photo.jpg")}
    answers["/1/photo.jpg"] = 200, photo
    _, told = await run(town, there, read(tmp_path, *rows), None, "b")
    kept = await kept_of(await town.record((await references_for(there, "P-17"))[0]))
    assert (told, len({each.attachment.name for each in kept}), len(kept)) == (set(), 2, 2)
    await clients.close()


async def test_a_server_that_never_answers_is_left_alone_after_some_files(town, there, tmp_path, web):
    address, answers = web
    names = [f"/{number}.jpg" for number in range(8)]
    answers |= dict.fromkeys(names, (503, b""))
    rows = (
        "number,type,state,submitted,closed,words,photos,suivi",
        f"P-17,Trou,Open,2016-03-04,,Un trou,{';'.join(address + name for name in names)},",
    )
    clients = Clients(OutgoingSettings(private=("127.0.0.0/8",)))
    told, order = [], Order(named="old.csv", digest="a", mapping_text="", by="Henri")
    source, host = read(tmp_path, *rows), town.host.having(clients)
    mapping = mapping_for(town, there, source)
    await run_through(host, there, mapping, source, order, told.append, lambda row, _: told.extend(row.findings))
    reasons = [each.reason.en for each in told if each.code == "file_away"]
    assert [each.endswith("not answered 5 times in a row") for each in reasons] == [False] * 5 + [True] * 3
    await clients.close()
