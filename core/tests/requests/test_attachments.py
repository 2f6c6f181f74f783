"""Files are judged by what they are, pictures written anew, and none reaches somebody else's request."""

import asyncio
import io
import threading

import pytest
from PIL import Image

from parvis.requests.actors import Actor
from parvis.requests.attached import receiving
from parvis.requests.attached import receiving as examining
from parvis.requests.attached.attachments import content_of, kept, kept_of, waiting
from parvis.requests.attached.dropping import discard
from parvis.requests.attached.receiving import examine, receive_file
from parvis.requests.lifecycle import make_move
from parvis.requests.timeline import story
from parvis.requests.visibility import PUBLIC
from parvis_sdk.problems import Problem

HOLDER = "h" * 64
ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")


def picture(kind="JPEG", size=(40, 20), **options):
    written = io.BytesIO()
    Image.new("RGB", size, "red").save(written, kind, **options)
    return written.getvalue()


def with_place_and_turn():
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[2] = (45.0, 31.0, 0.0)
    return picture(exif=exif)


async def test_a_photo_loses_its_metadata_and_stands_upright(town):
    received = await receive_file(town.host, HOLDER, "photos", "IMG.jpg", with_place_and_turn())
    kept = (await waiting(HOLDER))[received.id]
    with town.host.files.open(kept.digest) as file:
        image = Image.open(io.BytesIO(file.read()))
    assert image.size == (20, 40)
    assert not image.getexif()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<html><script>alert(1)</script></html>", "photo.jpg"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "dessin.svg"),
        (picture()[:300], "tronquee.jpg"),
        (picture("GIF"), "anime.gif"),
        (b"", "vide.jpg"),
        (b"MZ\x90\x00" + b"\x00" * 200, "outil.pdf"),
    ],
)
async def test_what_is_not_what_it_says_is_refused_with_its_name(town, content, name):
    refused = await receive_file(town.host, HOLDER, "photos", name, content)
    assert isinstance(refused, Problem)
    assert name in refused.message.fr
    assert await waiting(HOLDER) == {}


async def test_a_document_is_kept_as_it_is(town, plan):
    received = await receive_file(town.host, HOLDER, "plan", "../../plan\x00 d’été.pdf", plan)
    assert (received.kind, received.name) == ("application/pdf", "plan d’été.pdf")
    with town.host.files.open(received.digest) as file:
        assert file.read() == plan


async def test_a_file_goes_with_its_submission_and_then_waits_no_more(town):
    received = await receive_file(town.host, HOLDER, "photos", "trou.jpg", picture())
    receipt = await town.submit(answers={"danger": False, "photos": [received.id]}, holder=HOLDER)
    (kept,) = await kept_of(await town.record(receipt.reference))
    assert kept.attachment.id == received.id
    assert kept.is_inline
    assert await waiting(HOLDER) == {}
    with await content_of(town.host, kept) as file:
        assert file.read()


async def test_nobody_takes_a_file_that_waits_under_another_holder(town):
    received = await receive_file(town.host, HOLDER, "photos", "trou.jpg", picture())
    problems = await town.submit(answers={"danger": False, "photos": [received.id]}, holder="o" * 64)
    assert [each.code for each in problems.found] == ["file_missing"]
    await discard(town.host, "o" * 64, received.id)
    assert len(await waiting(HOLDER)) == 1
    await discard(town.host, HOLDER, received.id)
    assert await waiting(HOLDER) == {}


async def test_the_same_content_lies_once_on_disk(town):
    first = await receive_file(town.host, HOLDER, "photos", "a.jpg", picture())
    second = await receive_file(town.host, HOLDER, "photos", "b.jpg", picture())
    assert first.digest == second.digest
    assert first.id != second.id


async def test_the_proof_of_a_repair_is_open_to_all_and_the_photos_of_a_person_are_not(town):
    theirs = await receive_file(town.host, HOLDER, "photos", "trou.jpg", picture())
    receipt = await town.submit(answers={"danger": False, "photos": [theirs.id]}, holder=HOLDER)
    ours = await receive_file(town.host, "d" * 64, "proof", "fait.jpg", picture(size=(30, 30)))
    given = {"proof": [ours.id]}
    await make_move(town.host, receipt.reference, "resolve", given, actor=ANA, mover="agent", holder="d" * 64)
    record = await town.record(receipt.reference)
    assert {each.attachment.id: each.audience for each in await kept_of(record)} == {
        theirs.id: "requester",
        ours.id: "public",
    }
    (shown,) = (await story(town.host, record, PUBLIC, "fr"))[-1].attachments
    assert shown.id == ours.id


async def test_the_small_copy_of_a_photo_lies_beside_it_and_goes_with_it(town):
    received = await receive_file(town.host, HOLDER, "photos", "trou.jpg", picture(size=(900, 600)))
    file = await kept(received.id)
    with await content_of(town.host, file, small=True) as small:
        assert max(Image.open(io.BytesIO(small.read())).size) == 480
    await discard(town.host, HOLDER, received.id)
    for digest in (received.digest, file.small):
        with pytest.raises(FileNotFoundError):
            town.host.files.open(digest)


async def test_files_of_one_submission_are_not_kept_beyond_what_they_may_weigh_together(town, monkeypatch):
    monkeypatch.setattr(receiving, "MOST_TOGETHER", 2_000)
    first = await receive_file(town.host, HOLDER, "photos", "a.jpg", picture())
    refused = await receive_file(town.host, HOLDER, "photos", "b.jpg", picture(size=(900, 600), quality=95))
    assert refused.code == "files_total"
    assert list(await waiting(HOLDER)) == [first.id]


async def test_while_files_are_examined_others_are_answered(town, monkeypatch):
    """A photo of many pixels is read in a thread: the event loop never waits for it."""
    answered = threading.Event()

    def after_the_others(*given):
        assert answered.wait(60), "nobody was answered meanwhile"
        return examine(*given)

    monkeypatch.setattr(examining, "examine", after_the_others)
    receiving = asyncio.create_task(receive_file(town.host, HOLDER, "photos", "trou.jpg", picture()))
    assert await town.record((await town.submit()).reference)
    assert not receiving.done()
    answered.set()
    assert not isinstance(await receiving, Problem)
