"""Passwords that are left to a few accounts, and the operators whom no list locks out."""

import pytest

from parvis.people.agents import Grant, add_agent, find_agent
from parvis.people.granting import set_active
from parvis.people.sign_in import Caller, Refusal, check_password

PASSWORD = "quatre chevaux verts"
HOME = Caller(address="192.0.2.7")
OPERATOR = (Grant(role="operator", jurisdiction="parvis"),)
AGENT = (Grant(role="agent", jurisdiction="parvis"),)


@pytest.fixture
async def three(database):
    """Léa works, Karim runs the installation, and an account lies in a safe."""
    for name, grants in (("lea", AGENT), ("karim", OPERATOR), ("secours", OPERATOR)):
        await add_agent(database, email=f"{name}@ville.example", name=name, password=PASSWORD, grants=grants)
    return database


async def comes_in(engine, name, only=(), password=PASSWORD):
    answer = await check_password(engine, f"{name}@ville.example", password, HOME, only)
    return "in" if not isinstance(answer, Refusal) else answer.reason


async def test_with_nobody_named_everybodys_password_opens(three):
    assert [await comes_in(three, name) for name in ("lea", "karim", "secours")] == ["in"] * 3


async def test_only_those_who_are_named_come_in_and_only_a_right_password_learns_of_it(three):
    only = ("Secours@Ville.example",)
    assert [await comes_in(three, name, only) for name in ("lea", "karim", "secours")] == [
        "by_provider",
        "by_provider",
        "in",
    ]
    assert await comes_in(three, "lea", only, "something else") == "wrong"


@pytest.mark.parametrize("only", [("nobody@ville.example",), ("lea@ville.example",)])
async def test_a_list_without_an_operator_locks_no_operator_out(three, only):
    assert await comes_in(three, "karim", only) == "in"
    assert await comes_in(three, "lea", only) == ("in" if "lea@ville.example" in only else "by_provider")


async def test_a_named_operator_whose_account_is_closed_keeps_nobody_else_out(three):
    secours = await find_agent(three, "secours@ville.example")
    await set_active(three, secours.id, False)
    assert await comes_in(three, "karim", ("secours@ville.example",)) == "in"
