"""Recovery codes: shown once, each opening the door once where the telephone is not at hand."""

import asyncio
import json
import re
from html import unescape
from urllib.parse import unquote

import msgspec
import pyotp
import pytest

from parvis import clock
from parvis.db import transaction
from parvis.db.people_tables import RecoveryCode
from parvis.db.tables import Delivery
from parvis.i18n import ngettext, speaking
from parvis.people.agents import set_preferences
from parvis.people.one_time import FEW, MANY, count_left, enrol, forget_lost, make_anew, new_secret
from parvis.people.sessions import sessions_of
from parvis.people.sign_in import BY_CALLER, WINDOW, Caller, SignedIn, check_code
from parvis.people.sign_in_log import latest
from parvis.people.throttle import count_under, key_of
from parvis_testing.desk import PASSWORD, said
from parvis_testing.signing_in import NOTICE

ACCOUNT = "/bureau/compte"
ANEW = f"{ACCOUNT}/codes-de-secours"
HERE = Caller(address="192.0.2.1")


def codes_on(clerk) -> list[str]:
    """Those that the page shows."""
    return re.findall(r"<li><code>([\d-]+)</code></li>", clerk.page.text)


def left(number: int) -> str:
    one = "You have %(num)s recovery code left for when you do not have your phone. It works once."
    many = "You have %(num)s recovery codes left for when you do not have your phone. Each works once."
    with speaking("fr"):
        return ngettext(one, many, number) % {"num": number}


async def with_codes(desk, person) -> list[str]:
    secret = new_secret()
    code = pyotp.TOTP(secret).at(clock.now())
    return list(await enrol(desk.host.engine, person.id, secret, code, desk.host.secret))


async def before_code(desk, person):
    """A browser at the second step of signing in, and the ticket of its form."""
    visitor = desk.browser()
    await visitor.get("/connexion")
    await visitor.post("/connexion", email=person.email, password=PASSWORD)
    return visitor, re.search(r'name="ticket" value="([^"]+)"', visitor.page.text)[1]


async def comes_in(desk, person, code):
    visitor, ticket = await before_code(desk, person)
    await visitor.post("/connexion/code", ticket=ticket, code=code)
    return visitor


def is_in(visitor) -> bool:
    return "parvis_session" in visitor.http.cookies


async def test_whoever_turns_codes_on_is_shown_ten_recovery_codes_once(desk):
    clerk = await desk.signed_in()
    with clock.moved_to(clock.now()):
        page = await clerk.get(f"{ACCOUNT}/code")
        secret = re.search(r'name="secret" value="(\w+)"', page.text)[1]
        code = pyotp.TOTP(secret).at(clock.now())
        shown = await clerk.post(f"{ACCOUNT}/code", secret=secret, code=code, current=PASSWORD)
    codes = codes_on(clerk)
    assert len(set(codes)) == MANY
    assert shown.headers["cache-control"] == "private, no-store"
    kept = unescape(re.search(r'href="data:text/plain;charset=utf-8,([^"]+)"', shown.text)[1])
    assert unquote(kept).split("\r\n")[-MANY - 1 : -1] == codes
    assert 'download="codes-de-secours.txt"' in shown.text
    rows = [str(row) for row in await RecoveryCode.select()]
    assert len(rows) == MANY
    assert not any(code.replace("-", "") in row or code in row for code in codes for row in rows)
    again = await clerk.get(ACCOUNT)
    assert left(MANY) in clerk.text
    assert said("You have few recovery codes left. Create new ones now.") not in clerk.text
    assert not any(code in again.text for code in codes)


@pytest.mark.parametrize("typed", ["{0}", "{0} ", "{1}", " {2} ", "{3}"])
async def test_one_does_for_the_code_of_the_phone_once_however_it_is_written(desk, typed):
    ana = await desk.agent()
    code, *_ = await with_codes(desk, ana)
    plain = code.replace("-", "")
    forms = (code, plain, code.replace("-", " "), code.replace("-", "\u2011"))
    visitor = await comes_in(desk, ana, typed.format(*forms))
    assert is_in(visitor)
    assert visitor.page.url.path == "/bureau"
    again = await comes_in(desk, ana, code)
    assert not is_in(again)
    assert said("This recovery code is incorrect or has already been used. Each code works once.") in again.text
    assert await count_left(ana.id) == MANY - 1


async def test_its_use_is_told_by_mail_and_to_the_book_of_the_doors(desk):
    ana = await desk.agent()
    await set_preferences(desk.host.engine, ana.id, language="en", shortcuts=True)
    code, *_ = await with_codes(desk, ana)
    await comes_in(desk, ana, "1111-1111-1111")
    (alarm,) = await Delivery.select().where(Delivery.subscriber == "channel:email")
    assert said("Somebody knows the password of your account", "en") in alarm["event"]
    await comes_in(desk, ana, code)
    rows = await Delivery.select().where(Delivery.subscriber == "channel:email")
    (row,) = [each for each in rows if each["id"] != alarm["id"]]
    message = msgspec.json.decode(row["event"])["message"]
    assert (message["to"], message["language"]) == (ana.email, "en")
    assert message["subject"] == said("A recovery code was used to sign in to your account", "en")
    assert f"{desk.host.base_url.rstrip('/')}{ACCOUNT}" in message["text"]
    assert code not in str(row)
    lines = [(line.kind, line.about) for line in await latest(desk.host.engine, [ana.id])]
    assert ("spare", str(MANY - 1)) in lines


async def test_a_code_of_the_phone_tells_nobody(desk):
    ana = await desk.agent()
    secret = new_secret()
    with clock.moved_to(clock.now()) as moved:
        await enrol(desk.host.engine, ana.id, secret, pyotp.TOTP(secret).at(clock.now()), desk.host.secret)
        moved.forward(seconds=60)
        assert is_in(await comes_in(desk, ana, pyotp.TOTP(secret).at(clock.now())))
    assert await Delivery.count().where(Delivery.subscriber == "channel:email") == 0
    assert await count_left(ana.id) == MANY


async def test_tries_are_counted_as_those_of_the_codes_of_the_phone(desk):
    ana = await desk.agent()
    code, *_ = await with_codes(desk, ana)
    with clock.moved_to(clock.now()):
        visitor, ticket = await before_code(desk, ana)
        for _ in range(BY_CALLER):
            await count_under(desk.host.engine, [key_of("one-time", ana.id, "127.0.0.1")], WINDOW)
        answer = await visitor.post("/connexion/code", ticket=ticket, code=code)
    assert answer.status_code == 429
    assert not is_in(visitor)
    assert await count_left(ana.id) == MANY


async def test_a_code_opens_its_own_account_only(desk):
    ana, luc = await desk.agent(), await desk.agent(name="Luc Roy")
    hers, _ = await with_codes(desk, ana), await with_codes(desk, luc)
    assert not is_in(await comes_in(desk, luc, hers[0]))
    assert await count_left(ana.id) == await count_left(luc.id) == MANY


async def test_of_two_who_use_one_code_at_once_one_comes_in(desk):
    ana = await desk.agent()
    code, *_ = await with_codes(desk, ana)
    both = (check_code(desk.host.engine, ana, code, HERE, key=desk.host.secret, notice=NOTICE) for _ in range(2))
    answers = await asyncio.gather(*both)
    assert sorted(isinstance(each, SignedIn) for each in answers) == [False, True]
    assert len(await sessions_of(desk.host.engine, ana.id)) == 1
    assert await count_left(ana.id) == MANY - 1
    assert [line.kind for line in await latest(desk.host.engine, [ana.id])].count("spare") == 1


async def test_the_account_warns_when_few_are_left_and_makes_ten_others_for_whoever_knows_the_password(desk):
    clerk = await desk.signed_in()
    old = await with_codes(desk, clerk.person)
    for code in old[FEW:]:
        await check_code(desk.host.engine, clerk.person, code, HERE, key=desk.host.secret, notice=NOTICE)
    await clerk.get(ACCOUNT)
    assert left(FEW) in clerk.text
    assert said("You have few recovery codes left. Create new ones now.") in clerk.text
    refused = await clerk.post(ANEW, current="wrong")
    assert refused.status_code == 422
    assert codes_on(clerk) == []
    assert await count_left(clerk.person.id) == FEW
    await clerk.post(ANEW, current=PASSWORD)
    new = codes_on(clerk)
    assert len(set(new) - set(old)) == MANY
    assert not is_in(await comes_in(desk, clerk.person, old[0]))
    assert is_in(await comes_in(desk, clerk.person, new[0]))
    assert "spares" in [line.kind for line in await latest(desk.host.engine, [clerk.person.id])]


async def test_who_turned_codes_on_before_there_were_any_is_told_that_none_is_left(desk):
    clerk = await desk.signed_in()
    await with_codes(desk, clerk.person)
    async with transaction(desk.host.engine):
        await RecoveryCode.delete(force=True)
    await clerk.get(ACCOUNT)
    assert (
        said("You have no recovery codes left for when you do not have your phone. Create new ones now.") in clerk.text
    )
    assert said("You have few recovery codes left. Create new ones now.") not in clerk.text
    await clerk.post(ANEW, current=PASSWORD)
    assert await count_left(clerk.person.id) == MANY


async def test_of_two_who_make_new_ones_at_once_the_codes_of_one_are_left(desk):
    ana = await desk.agent()
    await with_codes(desk, ana)
    both = await asyncio.gather(*(make_anew(desk.host.engine, ana.id, desk.host.secret) for _ in range(2)))
    assert await count_left(ana.id) == MANY
    worth = []
    for first, *_ in both:
        worth.append(is_in(await comes_in(desk, ana, first)))
    assert sorted(worth) == [False, True]


async def test_whoever_has_no_codes_of_the_phone_is_given_none(desk):
    clerk = await desk.signed_in()
    await clerk.get(ACCOUNT)
    assert ANEW not in clerk.page.text
    answer = await clerk.post(ANEW, current=PASSWORD)
    assert answer.url.path == ACCOUNT
    assert await RecoveryCode.count() == 0


async def test_they_go_with_the_codes_of_the_phone(desk):
    clerk, ana = await desk.signed_in(), await desk.agent(name="Luc Roy")
    await with_codes(desk, clerk.person)
    await with_codes(desk, ana)
    await forget_lost(desk.host.engine, ana.id)
    assert (await count_left(ana.id), await count_left(clerk.person.id)) == (0, MANY)
    await clerk.get(ACCOUNT)
    await clerk.post(f"{ACCOUNT}/sans-code", current=PASSWORD)
    assert await RecoveryCode.count() == 0


async def test_the_owner_of_an_account_is_told_that_somebody_knows_the_password(desk):
    ana = await desk.agent()
    await with_codes(desk, ana)
    with clock.moved_to(clock.now()) as moved:
        await comes_in(desk, ana, "000000")
        await comes_in(desk, ana, "111111")  # told once an hour
        letters = [json.loads(row["event"])["message"] for row in await Delivery.select(Delivery.event)]
        (letter,) = [each for each in letters if each["to"] == ana.email]
        assert letter["subject"] == "Quelqu’un connaît le mot de passe de votre compte"
        assert "/bureau/compte" in letter["text"]
        assert "python-httpx" not in letter["text"]  # nor anything else that a stranger's browser says
        moved.forward(minutes=61)
        await comes_in(desk, ana, "222222")
        assert await Delivery.count().where(Delivery.subscriber == "channel:email") == 2


async def test_who_mistypes_a_code_on_their_own_device_is_not_alarmed(desk):
    ana = await desk.agent()
    code, *_ = await with_codes(desk, ana)
    with clock.moved_to(clock.now()):
        visitor = await comes_in(desk, ana, code)
        await visitor.get("/bureau")
        await visitor.post("/deconnexion")
        already = await Delivery.count().where(Delivery.subscriber == "channel:email")
        await visitor.get("/connexion")
        await visitor.post("/connexion", email=ana.email, password=PASSWORD)
        ticket = re.search(r'name="ticket" value="([^"]+)"', visitor.page.text)[1]
        await visitor.post("/connexion/code", ticket=ticket, code="000000")
        assert await Delivery.count().where(Delivery.subscriber == "channel:email") == already
        for wrong in ("111111", "222222"):
            await visitor.post("/connexion/code", ticket=ticket, code=wrong)
        assert await Delivery.count().where(Delivery.subscriber == "channel:email") == already + 1


async def test_wrong_codes_from_elsewhere_keep_nobody_from_their_own_device(desk):
    ana = await desk.agent()
    code, other, *_ = await with_codes(desk, ana)
    with clock.moved_to(clock.now()):
        hers = await comes_in(desk, ana, code)
        await hers.get("/bureau")
        await hers.post("/deconnexion")
        account = [key_of("one-time-account", ana.id), key_of("sign-in-account", ana.email)]
        for _ in range(101):
            await count_under(desk.host.engine, account, WINDOW)
        assert not is_in(await refused_at_once(desk, ana))
        await hers.get("/connexion")
        await hers.post("/connexion", email=ana.email, password=PASSWORD)
        ticket = re.search(r'name="ticket" value="([^"]+)"', hers.page.text)[1]
        await hers.post("/connexion/code", ticket=ticket, code=other)
        assert (await hers.get("/bureau")).status_code == 200


async def refused_at_once(desk, person):
    visitor = desk.browser()
    await visitor.get("/connexion")
    assert (await visitor.post("/connexion", email=person.email, password=PASSWORD)).status_code == 429
    return visitor
