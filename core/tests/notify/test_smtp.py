"""What goes over the wire to a real mail server, and what its answers mean."""

import asyncio
import contextlib
import email
import socket
from email.policy import default

import pytest

from parvis import clock
from parvis.notify.channels import channels_of
from parvis.notify.settings import Settings
from parvis_sdk.errors import Later, Refused, Unreachable
from parvis_testing.ports import free_port


def smtp(server, **more):
    given = {"host": "127.0.0.1", "port": server.port, "tls": "none", "sender": "parvis@parvis.example", **more}
    return channels_of(Settings(**given))[0]


async def test_a_message_arrives_whole_with_both_parts_and_its_headers(mail_server, message):
    receipt = await smtp(mail_server).send(message())
    assert receipt == "2.0.0 queued as 4TxYz"
    [envelope] = mail_server.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == ("parvis@parvis.example", ["zoe@exemple.ca"])
    mail = email.message_from_bytes(envelope.content, policy=default)
    assert mail["Subject"] == "Requête 7K3M-9QXT-4 : c’est réglé"
    assert mail["From"] == "Ville de Parvis <parvis@parvis.example>"
    assert mail["Reply-To"] == "311@parvis.example"
    assert mail["Content-Language"] == "fr"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] == f"<{message().stop_url}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"  # RFC 8058, which big mail services ask for
    assert f"\r\nList-Unsubscribe: <{message().stop_url}>\r\n".encode() in envelope.content
    assert "C’est réglé à l’œil." in mail.get_body(("plain",)).get_content()
    assert "<p>C’est réglé à l’œil.</p>" in mail.get_body(("html",)).get_content()
    assert max(len(line) for line in envelope.content.split(b"\r\n")) < 998


async def test_messages_of_one_request_hang_together_and_a_repeat_is_recognised(mail_server, message):
    channel = smtp(mail_server)
    for each in (message(), message(), message(id="another")):
        await channel.send(each)
    first, again, other = (email.message_from_bytes(each.content, policy=default) for each in mail_server.taken)
    assert first["Message-ID"] == again["Message-ID"] == f"<{message().id}@parvis.example>"
    assert other["Message-ID"] != first["Message-ID"]
    assert first["References"] == other["References"] == "<request-7K3M-9QXT-4@parvis.example>"
    assert first["In-Reply-To"] == first["References"]


async def test_the_settings_may_name_another_address_for_answers(mail_server, message):
    await smtp(mail_server, reply_to="reponses@parvis.example").send(message())
    assert b"Reply-To: reponses@parvis.example" in mail_server.taken[0].content


@pytest.mark.parametrize(
    ("step", "answer", "only_this", "words"),
    [
        ("rcpt", "451 4.7.1 Greylisted, try again", True, "451 4.7.1 Greylisted"),
        ("rcpt", "452 4.2.2 Mailbox full", True, "452 4.2.2 Mailbox full"),
        ("data", "451 4.3.0 Try later", False, "451 4.3.0 Try later"),
        ("rcpt", "421 4.3.2 Shutting down", False, "421 4.3.2 Shutting down"),
        ("mail", "550 5.7.1 Sender unknown", False, "does not accept our sender address"),
    ],
)
async def test_what_may_succeed_later_is_tried_later(mail_server, message, step, answer, only_this, words):
    setattr(mail_server, step, answer)
    with pytest.raises(Later, match=words) as later:
        await smtp(mail_server).send(message())
    assert later.value.only_this is only_this
    assert mail_server.taken == []


@pytest.mark.parametrize(
    ("step", "answer"), [("rcpt", "550 5.1.1 No such user"), ("data", "554 5.7.1 Looks like spam")]
)
async def test_what_is_refused_is_refused_with_the_words_of_the_server(mail_server, message, step, answer):
    setattr(mail_server, step, answer)
    with pytest.raises(Refused, match=answer[4:]):
        await smtp(mail_server).send(message())


async def test_a_server_that_says_no_goodbye_has_taken_the_message_all_the_same(mail_server, message, monkeypatch):
    monkeypatch.setattr("parvis.notify.smtp.GOODBYE_SECONDS", 0.1)
    mail_server.quit = "silence"
    async with asyncio.timeout(15):  # less than the server is silent
        await smtp(mail_server).send(message())
    assert len(mail_server.taken) == 1


async def test_a_server_that_is_not_there_is_tried_later(message):
    channel = channels_of(Settings(host="127.0.0.1", port=free_port(), tls="none"))[0]
    with pytest.raises(Later, match="cannot be reached"):
        await channel.send(message())


async def test_a_server_without_the_encryption_we_ask_for_gets_nothing(mail_server, message):
    with pytest.raises(Later, match="STARTTLS"):
        await smtp(mail_server, tls="starttls").send(message())
    assert mail_server.taken == []


async def test_without_a_mail_server_messages_wait_in_sight(message):
    with pytest.raises(Later, match=r"\[plugins.notify\] host"):
        await channels_of(Settings())[0].send(message())


@pytest.mark.parametrize(
    "to",
    ["", "zoe", "zoe@", "@exemple.ca", "zoe@exemple.ca\r\nBcc: x@y.z", "a@b.c, d@e.f", "<x>", "zoe@exemple.ca\x00"],
)
async def test_what_is_no_address_is_refused_before_any_server_sees_it(mail_server, message, to):
    with pytest.raises(Refused, match="address"):
        await smtp(mail_server).send(message(to=to))
    assert mail_server.taken == []


async def test_no_text_can_write_a_header(mail_server, message):
    evil = "Bonjour\r\nBcc: victim@exemple.ca\r\n\r\nSurprise"
    await smtp(mail_server).send(
        message(subject=evil, sender=evil, thread=evil, language=evil, stop_url=f"https://x/\r\n{evil}", id=evil)
    )
    [envelope] = mail_server.taken
    mail = email.message_from_bytes(envelope.content, policy=default)
    assert envelope.rcpt_tos == ["zoe@exemple.ca"]
    assert mail["Bcc"] is None
    assert mail["List-Unsubscribe"] is None
    assert "C’est réglé" in mail.get_body(("plain",)).get_content()


async def test_an_address_with_accents_goes_to_a_server_that_knows_them(mail_server, message):
    await smtp(mail_server).send(message(to="zoé@exemple.ca"))
    assert mail_server.taken[0].rcpt_tos == ["zoé@exemple.ca"]


async def test_the_date_is_that_of_the_clock(mail_server, message):
    from datetime import UTC, datetime

    with clock.moved_to(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)):
        await smtp(mail_server).send(message())
    assert b"Date: Fri, 02 Jan 2026 03:04:05 +0000" in mail_server.taken[0].content


async def test_the_console_shows_the_message(message, capsys):
    await channels_of(Settings(mode="console"))[0].send(message())
    shown = capsys.readouterr().out
    assert "To: zoe@exemple.ca" in shown
    assert "C’est réglé à l’œil." in shown


async def test_what_comes_back_comes_back_to_the_address_of_its_request(mail_server, message):
    marked = "requetes+7k3m9qxt4.0123456789abcdef01234567@parvis.example"
    await smtp(mail_server).send(message(reply_to=marked))
    [envelope] = mail_server.taken
    assert envelope.mail_from == marked
    assert (
        email.message_from_bytes(envelope.content, policy=default)["From"] == "Ville de Parvis <parvis@parvis.example>"
    )


async def all_at_once(channel, message, many):
    sending = (channel.send(message(id=f"m{number}")) for number in range(many))
    return await asyncio.gather(*sending, return_exceptions=True)


async def test_messages_that_wait_go_over_connections_that_are_kept_until_none_waits(mail_server, message):
    mail_server.seconds = 0.01
    channel = smtp(mail_server, connections=3)
    assert await all_at_once(channel, message, 12) == ["2.0.0 queued as 4TxYz"] * 12
    assert len({envelope.content for envelope in mail_server.taken}) == 12
    assert (mail_server.connections, mail_server.open) == (3, 0)


async def test_a_server_that_lets_in_fewer_gets_all_over_those_and_no_message_waits_for_later(mail_server, message):
    mail_server.most, mail_server.seconds = 2, 0.01
    assert await all_at_once(smtp(mail_server), message, 12) == ["2.0.0 queued as 4TxYz"] * 12
    assert mail_server.connections == 2


async def test_a_connection_that_the_server_ends_between_two_messages_costs_none(mail_server, message):
    mail_server.each, mail_server.seconds = 2, 0.01
    assert await all_at_once(smtp(mail_server, connections=1), message, 6) == ["2.0.0 queued as 4TxYz"] * 6
    assert mail_server.connections == 3


async def test_who_is_refused_or_gives_up_leaves_the_connection_or_the_next_turn_to_others(mail_server, message):
    mail_server.seconds = 0.05
    channel = smtp(mail_server, connections=1)
    first, given_up, third = (asyncio.create_task(channel.send(message(id=f"m{number}"))) for number in range(3))
    await asyncio.sleep(0.01)
    given_up.cancel()
    assert [await first, await third] == ["2.0.0 queued as 4TxYz"] * 2
    in_the_middle = asyncio.create_task(channel.send(message()))
    while not mail_server.open:
        await asyncio.sleep(0.001)
    in_the_middle.cancel()
    await asyncio.wait([in_the_middle])
    mail_server.rcpt = "550 5.1.1 No such user"
    assert {type(each) for each in await all_at_once(channel, message, 3)} == {Unreachable}
    mail_server.rcpt = ""
    assert await channel.send(message()) == "2.0.0 queued as 4TxYz"


async def test_who_gives_up_while_a_kept_connection_is_tried_leaves_its_turn_to_others(mail_server, message):
    tried = asyncio.Event()

    async def never(*_):
        tried.set()
        await asyncio.Event().wait()

    mail_server.handle_RSET = never
    channel = smtp(mail_server, connections=1)
    first, given_up, third = (asyncio.create_task(channel.send(message(id=f"m{number}"))) for number in range(3))
    async with asyncio.timeout(60):
        await tried.wait()
        given_up.cancel()
        assert [await first, await third] == ["2.0.0 queued as 4TxYz"] * 2
        assert await channel.send(message()) == "2.0.0 queued as 4TxYz"


async def test_a_server_that_is_away_is_asked_once_for_all_that_wait(message):
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        channel = channels_of(Settings(host="127.0.0.1", port=listening.getsockname()[1], tls="none", seconds=0.2))[0]
        async with asyncio.timeout(60):
            said = await all_at_once(channel, message, 24)
        assert {type(each) for each in said} == {Later}
        listening.setblocking(False)
        knocks = 0
        with contextlib.suppress(BlockingIOError):
            while True:
                listening.accept()[0].close()
                knocks += 1
        assert knocks == 1
