"""The mailbox of a demonstration."""

from msgspec import structs

from parvis.db import transaction
from parvis.db.tables import Letter as LetterRow
from parvis.notify.channels import channels_of
from parvis.notify.settings import Settings
from parvis.outbox import letters
from parvis.outbox.letters import FRAME


async def test_a_message_sent_twice_is_one_letter(database, message):
    channel = channels_of(Settings(mode="mailbox"))[0]
    for _ in range(2):
        await channel.send(message())
    [letter] = await letters.letters()
    assert (letter.id, letter.to, letter.subject) == (message().id, "zoe@exemple.ca", message().subject)
    assert letter.headers["References"] == "<request-7K3M-9QXT-4@localhost>"
    assert await letters.letter(letter.id) == letter
    assert await letters.letter("nothing") is None


async def test_letters_are_found_by_receiver_and_by_request_newest_first(database, message):
    channel = channels_of(Settings(mode="mailbox"))[0]
    for number, to in enumerate(("zoe@exemple.ca", "luc@exemple.ca", "zoe@exemple.ca")):
        await channel.send(message(id=str(number), to=to, reference=f"R{number}"))
    assert [letter.id for letter in await letters.letters(to="zoe@exemple.ca")] == ["2", "0"]
    assert [letter.id for letter in await letters.letters(reference="R1")] == ["1"]
    async with transaction(database):
        await letters.forget_request("R1")
    assert await letters.letters(reference="R1") == ()


async def test_the_page_of_a_letter_takes_little_room_and_is_read_as_it_was(database, message):
    page = FRAME.replace("<title></title>", "<title>Nid-de-poule « réglé »</title>")
    [channel, *_] = channels_of(Settings(mode="mailbox"))
    await channel.send(message(id="packed", html=page))
    [row] = await LetterRow.select(LetterRow.html).where(LetterRow.id == "packed")
    assert len(row["html"]) < len(page) / 10
    async with transaction(database):  # as they lay there before
        await LetterRow.insert(LetterRow(**letters_row(await letters.letter("packed")) | {"id": "plain", "html": page}))
    assert [(await letters.letter(id)).html for id in ("packed", "plain")] == [page, page]


def letters_row(letter):
    return structs.asdict(letter) | {"headers": "{}"}
