"""A password that the operator gives opens the account, and ends its sessions."""

import pytest

from parvis.cli.troubles import Unusable
from parvis.db.people_tables import Agent, Session
from parvis.people.agents import add_agent, find_agent
from parvis.people.passwords import is_password
from parvis.people.sessions import begin_session
from parvis_disposal.new_passwords import give_password


async def test_somebody_without_a_password_gets_one_and_is_signed_out(town):
    engine = town.host.engine
    await add_agent(engine, email="ana@parvis.example", name="Ana", password="une phrase assez longue", grants=[])
    person = await find_agent(engine, "ana@parvis.example")
    await begin_session(engine, person.id, "telephone")
    for weak in ("court", "ana@parvis.example"):
        with pytest.raises(Unusable, match="this password is"):
            await give_password(engine, "ana@parvis.example", weak)
    assert await Session.count() == 1
    await give_password(engine, "Ana@parvis.example", "une autre phrase longue")
    [row] = await Agent.select(Agent.password)
    assert await is_password(row["password"], "une autre phrase longue")
    assert await Session.count() == 0
    with pytest.raises(Unusable, match="there is no account"):
        await give_password(engine, "henri@parvis.example", "une autre phrase longue")
