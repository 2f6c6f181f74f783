"""The mailbox of a demonstration."""

from parvis.db import transaction
from parvis.notify.channels import channels_of
from parvis.notify.settings import Settings
from parvis.outbox import letters


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
