"""Who may open the door, who may not, and what a refusal gives away."""

import asyncio
from datetime import timedelta
from uuid import UUID

import argon2
import pyotp
import pytest

from parvis import clock
from parvis.db import Engine, NotUnique, transaction
from parvis.db.people_tables import Agent
from parvis.people.agents import Grant, Person, add_agent, agents, find_agent, get_agent
from parvis.people.granting import set_active
from parvis.people.one_time import enrol, enrolment_address, forget_one_time, new_secret, qr_code
from parvis.people.passwords import is_outdated, weakness
from parvis.people.sessions import person_of
from parvis.people.sign_in import (
    BY_ACCOUNT,
    BY_ADDRESS,
    BY_CALLER,
    BY_DEVICE,
    Caller,
    Refusal,
    SignedIn,
    change_password,
)
from parvis_testing.signing_in import KEY, sign_in

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


def cheaply(_: argon2.PasswordHasher, stored: str, given: str) -> bool:
    if given != PASSWORD:
        raise argon2.exceptions.VerifyMismatchError
    return True


async def is_throttled(database: Engine, claire: Person, caller: Caller) -> bool:
    answer = await sign_in(database, claire.email, PASSWORD, "", caller)
    if isinstance(answer, SignedIn):
        return False
    assert answer.reason == "throttled"
    assert 0 < answer.wait <= 900
    return True


async def test_who_tries_wrong_passwords_is_stopped_where_they_are_and_the_owner_is_not(
    database: Engine, claire: Person
) -> None:
    guesser = Caller(address="203.0.113.9")
    for _ in range(BY_CALLER):
        assert await sign_in(database, claire.email, "wrong", "", guesser) == Refusal(reason="wrong")
    assert await is_throttled(database, claire, guesser)
    assert not await is_throttled(database, claire, HOME)
    with clock.moved_to(clock.now() + timedelta(minutes=16)):
        assert not await is_throttled(database, claire, guesser)


async def test_an_account_tried_from_everywhere_opens_on_the_devices_of_its_owner(
    database: Engine, claire: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(argon2.PasswordHasher, "verify", cheaply)
    for number in range(BY_ACCOUNT):
        await sign_in(database, claire.email, "wrong", "", Caller(address=f"192.0.2.{number}"))
    assert await is_throttled(database, claire, Caller(address="198.51.100.1"))
    assert not await is_throttled(database, claire, Caller(address="198.51.100.1", known="her telephone"))


async def test_a_known_device_is_not_a_place_to_guess_from(database: Engine, claire: Person) -> None:
    stolen = Caller(address="192.0.2.7", known="a device")
    for _ in range(BY_DEVICE):
        await sign_in(database, claire.email, "wrong", "", stolen)
    assert await is_throttled(database, claire, stolen)
    assert not await is_throttled(database, claire, Caller(address="192.0.2.7", known="another"))


async def test_an_address_that_tries_many_accounts_is_stopped_and_others_are_not(
    database: Engine, claire: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(argon2.PasswordHasher, "verify", lambda *_: True)
    for number in range(BY_ADDRESS):
        assert (await sign_in(database, f"{number}@parvis.example", "x", "", HOME)) == Refusal(reason="wrong")
    assert await is_throttled(database, claire, HOME)
    assert not await is_throttled(database, claire, Caller(address=HOME.address, known="her computer"))
    assert not await is_throttled(database, claire, Caller(address="198.51.100.1"))


async def test_a_town_hall_behind_one_address_comes_in_at_eight_all_together(
    database: Engine, claire: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(argon2.PasswordHasher, "verify", lambda *_: True)
    for _ in range(BY_ADDRESS + 5):
        assert not await is_throttled(database, claire, HOME)
    others = [f"agent{number}@parvis.example" for number in range(BY_ADDRESS + 5)]
    for email in others:
        await add_agent(database, email=email, name="Agent", password=PASSWORD, grants=())
    answers = await asyncio.gather(*(sign_in(database, email, PASSWORD, "", HOME) for email in others))
    assert all(isinstance(each, SignedIn) for each in answers)


async def test_many_guesses_at_one_moment_are_worth_no_more_than_a_few(database: Engine, claire: Person) -> None:
    """In whatever order connections take them: a few are compared, and the right one after them is not."""
    guesser = Caller(address="203.0.113.9")
    tries = (sign_in(database, claire.email, "wrong", "", guesser) for _ in range(60))
    answers = await asyncio.gather(*tries)
    compared = [each for each in answers if isinstance(each, Refusal) and each.reason == "wrong"]
    assert len(compared) == BY_CALLER
    late = await sign_in(database, claire.email, PASSWORD, "", guesser)
    assert isinstance(late, Refusal)
    assert late.reason == "throttled"


async def test_whoever_has_a_network_of_the_new_internet_is_one_caller(database: Engine, claire: Person) -> None:
    for number in range(BY_CALLER):
        await sign_in(database, claire.email, "wrong", "", Caller(address=f"2001:db8:1:2::{number:x}"))
    assert await is_throttled(database, claire, Caller(address="2001:db8:1:2:ffff::1"))
    assert not await is_throttled(database, claire, Caller(address="2001:db8:1:3::1"))


async def test_a_success_forgives_the_mistakes_before_it(database: Engine, claire: Person) -> None:
    for _ in range(2):
        for _ in range(BY_CALLER - 1):
            await sign_in(database, claire.email, "wrong", "", Caller(address="203.0.113.9"))
        assert not await is_throttled(database, claire, Caller(address="203.0.113.9"))


async def test_a_hash_made_with_weaker_parameters_is_made_anew_at_sign_in(database: Engine, claire: Person) -> None:
    weak = argon2.PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    async with transaction(database):
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
