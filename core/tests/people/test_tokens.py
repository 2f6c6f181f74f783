"""Keys for machines: told once, limited, counted, revoked."""

from datetime import timedelta

import pytest

from parvis import clock
from parvis.db import Engine
from parvis.db.people_tables import Token
from parvis.people.roles import RIGHTS, ROLES, permissions_of
from parvis.people.tokens import SCOPES, UnknownScopes, make_token, revoke_token, token_of, tokens


async def test_a_key_is_told_once_and_found_again_by_its_digest(database: Engine) -> None:
    key, made = await make_token(
        database, name="Travaux publics ERP", jurisdiction="parvis", unit_code="roads", scopes=["requests:read"]
    )
    assert key not in str(await Token.select())
    found = await token_of(database, key)
    assert found is not None
    assert (found.name, found.units, found.scopes) == ("Travaux publics ERP", ("roads",), ("requests:read",))
    assert found.allows("requests:read")
    assert not found.allows("contacts:read")
    assert found.rights() == {"see"}
    assert made.used_at is None
    assert (await tokens(database))[0].used_at is not None


async def test_a_key_that_is_unknown_over_or_revoked_opens_nothing(database: Engine) -> None:
    with clock.moved_to(clock.now()) as moved:
        key, made = await make_token(
            database,
            name="x",
            jurisdiction="parvis",
            scopes=["operate"],
            ends_at=clock.now() + timedelta(days=1),
        )
        assert await token_of(database, key) is not None
        assert await token_of(database, key + "x") is None
        assert await token_of(database, "") is None
        assert await token_of(database, None) is None
        moved.forward(days=1)
        assert await token_of(database, key) is None
    assert not await revoke_token(database, "000000000000")
    assert await revoke_token(database, made.handle)
    assert await token_of(database, key) is None
    assert [one.revoked for one in await tokens(database, "parvis")] == [True]
    assert await tokens(database, "rivemont") == ()


@pytest.mark.parametrize("scopes", [[], ["requests:read", "everything"]])
async def test_scopes_that_do_not_exist_are_refused(database: Engine, scopes: list[str]) -> None:
    with pytest.raises(UnknownScopes, match=r"scopes are .*requests:read.*requests:write"):
        await make_token(database, name="x", jurisdiction="parvis", scopes=scopes)
    assert await Token.count() == 0


def test_every_role_and_scope_speaks_of_permissions_that_some_role_has() -> None:
    known = {each.name for each in RIGHTS}
    assert all({*scope.rights} <= known for scope in SCOPES.values())
    assert all({*each.roles} <= ROLES.keys() for each in RIGHTS)
    assert permissions_of("agent") < permissions_of("manager")
    assert permissions_of("a role of the past") == frozenset()
