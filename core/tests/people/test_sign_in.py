"""Who may open the door, who may not, and what a refusal gives away."""

from datetime import timedelta
from uuid import UUID

import argon2
import pyotp
import pytest

from parvis import clock
from parvis.db import Engine, NotUnique, unit
from parvis.db.tables import Agent
from parvis.people.agents import Grant, Person, add_agent, agents, find_agent, get_agent
from parvis.people.granting import set_active
from parvis.people.one_time import enrol, enrolment_address, forget_one_time, new_secret, qr_code
from parvis.people.passwords import is_outdated, weakness
from parvis.people.sessions import person_of
from parvis.people.sign_in import (
    TRIES_BY_ACCOUNT,
    TRIES_BY_ADDRESS,
    Caller,
    Refusal,
    SignedIn,
    change_password,
)

from ..signing_in import KEY, sign_in

PASSWORD = "quatre chevaux verts"
HOME = Caller(address="192.0.2.7", device="Firefox")


@pytest.fixture
async def claire(database: Engine) -> Person:
    grants = (Grant(role="agent", jurisdiction="parvis", unit="roads"),)
    return await add_agent(
        database, email="Claire.Roy@Parvis.example", name="Claire Roy", password=PASSWORD, grants=grants
    )


async def test_the_right_password_opens_the_door_whatever_the_capitals_of_the_email(
    database: Engine, claire: Person
) -> None:
    answer = await sign_in(database, " claire.roy@PARVIS.example ", PASSWORD, "", HOME)
    assert isinstance(answer, SignedIn)
    assert await person_of(database, answer.token) == claire
    assert claire.grants == (Grant(role="agent", jurisdiction="parvis", unit="roads"),)


async def test_a_wrong_password_and_an_unknown_email_get_the_same_answer(database: Engine, claire: Person) -> None:
    wrong = await sign_in(database, claire.email, "not this one at all", "", HOME)
    unknown = await sign_in(database, "personne@parvis.example", PASSWORD, "", HOME)
    assert wrong == unknown == Refusal(reason="wrong")


async def test_an_unknown_email_costs_one_comparison_as_a_known_one_does(
    database: Engine, claire: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []
    real = argon2.PasswordHasher.verify

    def noted(self: argon2.PasswordHasher, stored: str, given: str) -> bool:
        compared.append(given)
        return bool(real(self, stored, given))

    monkeypatch.setattr(argon2.PasswordHasher, "verify", noted)
    await sign_in(database, claire.email, "one", "", HOME)
    await sign_in(database, "personne@parvis.example", "two", "", HOME)
    assert compared == ["one", "two"]


async def test_a_closed_account_is_out_at_once_and_cannot_come_back(database: Engine, claire: Person) -> None:
    opened = await sign_in(database, claire.email, PASSWORD, "", HOME)
    assert isinstance(opened, SignedIn)
    await set_active(database, claire.id, False)
    assert await person_of(database, opened.token) is None
    assert await sign_in(database, claire.email, PASSWORD, "", HOME) == Refusal(reason="wrong")


async def test_an_account_is_tried_so_often_and_no_more_even_with_the_right_password(
    database: Engine, claire: Person
) -> None:
    for number in range(TRIES_BY_ACCOUNT):
        answer = await sign_in(database, claire.email, "wrong", "", Caller(address=f"192.0.2.{number}"))
        assert answer == Refusal(reason="wrong")
    assert await sign_in(database, claire.email, PASSWORD, "", HOME) == Refusal(reason="throttled")
    with clock.moved_to(clock.now() + timedelta(minutes=16)):
        assert isinstance(await sign_in(database, claire.email, PASSWORD, "", HOME), SignedIn)


async def test_an_address_that_tries_many_accounts_is_stopped_and_others_are_not(
    database: Engine, claire: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(argon2.PasswordHasher, "verify", lambda *_: True)
    for number in range(TRIES_BY_ADDRESS):
        assert (await sign_in(database, f"{number}@parvis.example", "x", "", HOME)) == Refusal(reason="wrong")
    assert await sign_in(database, claire.email, PASSWORD, "", HOME) == Refusal(reason="throttled")
    assert isinstance(await sign_in(database, claire.email, PASSWORD, "", Caller(address="198.51.100.1")), SignedIn)


async def test_a_success_forgives_the_mistakes_before_it(database: Engine, claire: Person) -> None:
    for _ in range(2):
        for _ in range(TRIES_BY_ACCOUNT - 1):
            await sign_in(database, claire.email, "wrong", "", Caller(address="203.0.113.9"))
        await _forget_address(database)
        assert isinstance(await sign_in(database, claire.email, PASSWORD, "", HOME), SignedIn)


async def test_a_hash_made_with_weaker_parameters_is_made_anew_at_sign_in(database: Engine, claire: Person) -> None:
    weak = argon2.PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    async with unit(database):
        await Agent.update({Agent.password: weak}).where(Agent.id == UUID(claire.id))
    assert is_outdated(weak)
    assert isinstance(await sign_in(database, claire.email, PASSWORD, "", HOME), SignedIn)
    stored = (await Agent.select(Agent.password).first())["password"]
    assert stored != weak
    assert not is_outdated(stored)
    assert isinstance(await sign_in(database, claire.email, PASSWORD, "", HOME), SignedIn)


async def test_whoever_chose_one_time_codes_is_asked_for_one(database: Engine, claire: Person) -> None:
    secret = new_secret()
    with clock.moved_to(clock.now()) as moved:
        assert not await enrol(database, claire.id, secret, "000000", KEY)
        assert await enrol(database, claire.id, secret, pyotp.TOTP(secret).at(clock.now()), KEY)
        assert await sign_in(database, claire.email, PASSWORD, "", HOME) == Refusal(reason="code", person_id=claire.id)
        moved.forward(seconds=60)
        code = pyotp.TOTP(secret).at(clock.now())
        assert isinstance(await sign_in(database, claire.email, PASSWORD, f"{code[:3]} {code[3:]}", HOME), SignedIn)
        again = await sign_in(database, claire.email, PASSWORD, code, HOME)
        assert again == Refusal(reason="wrong_code", person_id=claire.id)
        moved.forward(seconds=60)
        assert not isinstance(await sign_in(database, claire.email, PASSWORD, code, HOME), SignedIn)
        early = pyotp.TOTP(secret).at(clock.now() - timedelta(seconds=30))
        assert isinstance(await sign_in(database, claire.email, PASSWORD, early, HOME), SignedIn)
    await forget_one_time(database, claire.id)
    assert isinstance(await sign_in(database, claire.email, PASSWORD, "", HOME), SignedIn)


async def test_a_code_is_not_asked_of_somebody_who_does_not_know_the_password(database: Engine, claire: Person) -> None:
    secret = new_secret()
    await enrol(database, claire.id, secret, pyotp.TOTP(secret).at(clock.now()), KEY)
    assert await sign_in(database, claire.email, "wrong", "", HOME) == Refusal(reason="wrong")


def test_the_code_to_scan_holds_the_secret_and_is_a_drawing_without_script() -> None:
    address = enrolment_address("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "claire@parvis.example", "Ville de Parvis")
    assert address.startswith("otpauth://totp/")
    assert "secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" in address
    drawing = qr_code(address)
    assert drawing.startswith("<svg")
    assert "script" not in drawing


async def test_a_new_password_ends_every_other_session(database: Engine, claire: Person) -> None:
    here = await sign_in(database, claire.email, PASSWORD, "", HOME)
    there = await sign_in(database, claire.email, PASSWORD, "", HOME)
    assert isinstance(here, SignedIn)
    assert isinstance(there, SignedIn)
    assert not await change_password(database, claire.id, "wrong", "trois vaches bleues", here.token)
    assert await person_of(database, there.token) is not None
    assert await change_password(database, claire.id, PASSWORD, "trois vaches bleues", here.token)
    assert await person_of(database, here.token) is not None
    assert await person_of(database, there.token) is None
    assert await sign_in(database, claire.email, PASSWORD, "", HOME) == Refusal(reason="wrong")
    assert isinstance(await sign_in(database, claire.email, "trois vaches bleues", "", HOME), SignedIn)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("court", "too_short"),
        ("x" * 201, "too_long"),
        ("aaaabbbbaaaabbbb", "too_plain"),
        ("Claire.Roy@parvis.example", "like_the_account"),
        (PASSWORD, None),
    ],
)
def test_weak_passwords_are_named(password: str, why: str | None) -> None:
    assert weakness(password, "claire.roy@parvis.example", "Claire Roy") == why


async def test_one_email_has_one_account(database: Engine, claire: Person) -> None:
    with pytest.raises(NotUnique):
        await add_agent(database, email="CLAIRE.ROY@parvis.example", name="Autre", password=PASSWORD)


async def test_an_account_is_found_by_its_email_and_by_its_towns(database: Engine, claire: Person) -> None:
    assert await find_agent(database, claire.email) == claire
    assert await agents(database, claire.grants[0].jurisdiction) == await agents(database) == (claire,)
    assert await agents(database, "nowhere") == ()
    assert await get_agent(database, "not an id") is None


async def _forget_address(database: Engine) -> None:
    from parvis.people.throttle import forget_tries, key_of

    await forget_tries(database, key_of("sign-in-from", "203.0.113.9"))
