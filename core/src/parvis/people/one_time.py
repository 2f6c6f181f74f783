"""One-time codes (TOTP) and recovery codes, by choice or where a town requires them: each accepted once."""

import hmac
import io
import re
import secrets
from hashlib import sha256
from typing import Any, Literal
from uuid import UUID

import pyotp

from parvis import clock
from parvis.db import Engine, held, transaction
from parvis.db.people_tables import Agent, RecoveryCode, Session
from parvis.jurisdictions import Jurisdictions
from parvis.jurisdictions.sign_in import SIGN_IN
from parvis.people.agents import Person
from parvis.people.sessions import CurrentSession, digest_of
from parvis.people.sign_in_log import write_down
from parvis.signing import every_key

MANY = 10
FEW = 2
DIGITS = 12  # no letters: a telephone shows its digits alone for the box of codes
BETWEEN = re.compile(r"[\s\-\u2010-\u2015\u2212.]+")


def plain(code: str) -> str:
    """What was typed, without what people put between digits."""
    return BETWEEN.sub("", code)


def is_recovery_code(code: str) -> bool:
    """Whether this has the form of one, which no code of a telephone has."""
    return len(code) == DIGITS and code.isascii() and code.isdigit()


async def count_left(person_id: str) -> int:
    return int(await RecoveryCode.count().where(RecoveryCode.agent == UUID(person_id)))


async def make_anew(engine: Engine, person_id: str, key: bytes) -> tuple[str, ...]:
    """Ten new codes, shown once; earlier ones stop working. None for an account without one-time codes."""
    async with transaction(engine):
        agent = await held(Agent.objects().where(Agent.id == UUID(person_id)).first(), engine)
        if agent is None or not agent.one_time_secret:
            return ()
        await write_down("spares", person_id)
        return await put_codes(person_id, key)


async def put_codes(person_id: str, key: bytes) -> tuple[str, ...]:
    """Inside a transaction that holds the account: ten codes in place of all earlier ones."""
    await forget_codes(person_id)
    codes: set[str] = set()
    while len(codes) < MANY:
        codes.add(f"{secrets.randbelow(10**DIGITS):0{DIGITS}}")
    now = clock.now()
    rows = (RecoveryCode(key=_digest(key, person_id, code), agent=UUID(person_id), made_at=now) for code in codes)
    await RecoveryCode.insert(*rows)
    return tuple("-".join(re.findall("....", code)) for code in codes)


async def take_code(person_id: str, code: str, key: bytes) -> bool:
    """Inside a transaction that holds the account: whether this is one of theirs, which it is no more."""
    digests = [_digest(one, person_id, code) for one in every_key(key)]
    mine = RecoveryCode.key.is_in(digests) & (RecoveryCode.agent == UUID(person_id))
    taken = await RecoveryCode.delete().where(mine).returning(RecoveryCode.key)
    if taken:
        await write_down("spare", person_id, about=str(await count_left(person_id)))
    return bool(taken)


async def forget_codes(person_id: str) -> None:
    """Inside a transaction: they open nothing any more."""
    await RecoveryCode.delete().where(RecoveryCode.agent == UUID(person_id))


def _digest(key: bytes, person_id: str, code: str) -> str:
    return hmac.new(key, f"recovery\0{person_id}\0{code}".encode(), sha256).hexdigest()


STEP = 30
ISSUER = "Parvis"
IS_SECRET = re.compile(r"[A-Z2-7]{32}")


def is_demanded(person: Person, jurisdictions: Jurisdictions) -> bool:
    """Whether any town in which somebody has a role, their own or lent, wants a second factor of them."""
    towns = jurisdictions.by_code
    return any(
        SIGN_IN.of(towns[each.jurisdiction]).second_factor for each in person.grants if each.jurisdiction in towns
    )


def is_due(opened: CurrentSession, jurisdictions: Jurisdictions) -> bool:
    """Whether a session began before a second factor was required of its person, and has shown none since."""
    return not opened.proved and is_demanded(opened.person, jurisdictions)


def new_secret() -> str:
    return pyotp.random_base32()


def enrolment_address(secret: str, email: str, town: str = "") -> str:
    """What an authenticator application reads out of the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=f"{ISSUER} – {town}" if town else ISSUER)


def qr_code(address: str) -> str:
    """The same as an SVG drawing to put into a page, dark on white whatever the page's colours."""
    import segno

    drawing = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawing, kind="svg", scale=5, border=3, xmldecl=False, svgns=True, light="#fff", dark="#000", nl=False
    )
    return drawing.getvalue().decode()


def step_of(secret: str, code: str) -> int | None:
    """The step of time that this code belongs to, now or one step away; None when it is wrong."""
    digits = plain(code)
    if len(digits) != 6 or not digits.isascii() or not digits.isdigit():
        return None
    now = int(clock.now().timestamp()) // STEP
    try:
        right = [step for step in (now, now - 1, now + 1) if pyotp.HOTP(secret).verify(digits, step)]
    except ValueError:  # a secret that is not base 32
        return None
    return right[0] if right else None


async def enrol(
    engine: Engine, person_id: str, secret: str, code: str, key: bytes, token: str = ""
) -> tuple[str, ...] | None:
    """Asks for codes from now on, once the person has shown that theirs are right; the recovery codes, told once.

    The session of `token`, in which this was shown, needs to show nothing more.
    """
    if len(secret) < 32 or (step := step_of(secret, code)) is None:
        return None
    async with transaction(engine):
        changes: dict[Any, Any] = {Agent.one_time_secret: secret, Agent.one_time_last: step}
        await Agent.update(changes).where(Agent.id == UUID(person_id))
        await Session.update({Session.proved: True}).where(
            Session.agent == UUID(person_id), Session.token_digest == digest_of(token)
        )
        await write_down("codes", person_id)
        return await put_codes(person_id, key)


async def forget_one_time(engine: Engine, person_id: str) -> None:
    """No more codes, by the person's choice."""
    async with transaction(engine):
        await _forget(person_id)


async def forget_lost(engine: Engine, person_id: str, by: str = "") -> None:
    """The same by the operator, `by` their account, for an agent who has lost the telephone: signed out everywhere,
    told to the sign-in log.
    """
    async with transaction(engine):
        await _forget(person_id)
        await Session.delete().where(Session.agent == UUID(person_id))
        await write_down("lost", person_id, by=by)


async def _forget(person_id: str) -> None:
    await Agent.update({Agent.one_time_secret: "", Agent.one_time_last: 0}).where(Agent.id == UUID(person_id))
    await forget_codes(person_id)


async def use_code(engine: Engine, person_id: str, code: str, key: bytes) -> Literal["telephone", "recovery"] | None:
    """Inside a transaction: where a code that is right and was never used comes from; it is used from now on."""
    agent = await held(Agent.objects().where(Agent.id == UUID(person_id)).first(), engine)
    if agent is None or not agent.one_time_secret:
        return None
    if is_recovery_code(typed := plain(code)):
        return "recovery" if await take_code(person_id, typed, key) else None
    step = step_of(agent.one_time_secret, typed)
    if step is None or step <= agent.one_time_last:
        return None
    await Agent.update({Agent.one_time_last: step}).where(Agent.id == agent.id)
    return "telephone"
