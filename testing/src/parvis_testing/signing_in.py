"""Both steps of signing in at once."""

from parvis.db import Engine
from parvis.people.sign_in import Caller, Refusal, SignedIn, check_code, check_password, open_door
from parvis_sdk.channels import OutgoingMessage

KEY = b"a key of the host, of tests"
NOTICE = OutgoingMessage(to="claire.roy@parvis.example", subject="Code", text="Un code de secours", language="fr")


async def sign_in(engine: Engine, email: str, password: str, code: str, caller: Caller) -> SignedIn | Refusal:
    known = await check_password(engine, email, password, caller)
    if isinstance(known, Refusal):
        return known
    if not known.one_time:
        return await open_door(engine, known, caller)
    if not code.strip():
        return Refusal(reason="code", person_id=known.id)
    return await check_code(engine, known, code, caller, key=KEY, notice=NOTICE)
