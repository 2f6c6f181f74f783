"""What holds for every module holds for sign-in by identity providers."""

import pytest

from parvis import clock
from parvis.db import transaction
from parvis.db.migrating import migrate
from parvis.db.tables import ModuleSwitch
from parvis.identifiers import new_id
from parvis.modules import NO_MODULES
from parvis_identity_providers.tables import OutsideAccount, SignInBegun
from parvis_testing.module_contract import ModuleContract, migrating


class TestIdentityProviders(ModuleContract):
    name = "identity_providers"
    once_ours = ("outside_account", "sign_in_begun")
    no_requesters = {
        "outside_account": ("key", "provider", "issuer", "subject"),
        "sign_in_begun": ("key", "browser", "provider", "jurisdiction", "nonce", "verifier", "redirect", "onward"),
    }

    async def fill(self):
        known = {"key": "k", "agent": new_id(), "provider": "ville", "issuer": "https://a", "subject": "lea"}
        await OutsideAccount.insert(OutsideAccount(**known, made_at=clock.now(), used_at=clock.now()))
        await SignInBegun.insert(SignInBegun(key="s", provider="ville", ends_at=clock.now()))


async def switched(url, modules, *before):
    """What the database says of the module once its steps are taken, after `before` was made in the core’s."""
    async with migrating(url, modules) as engine:
        await migrate(engine, NO_MODULES)
        for make in before:
            async with transaction(engine):
                await make()
        await migrate(engine, modules)
        rows = await ModuleSwitch.select().where(ModuleSwitch.module == "identity_providers")
        return [(row["jurisdiction"], row["state"], row["by"]) for row in rows]


@pytest.mark.both_engines
async def test_a_database_whose_core_had_the_accounts_has_the_module_on(own_url, modules):
    before = (OutsideAccount.create_table, SignInBegun.create_table)
    assert await switched(own_url, modules, *before) == [("*", "on", "migration")]


@pytest.mark.both_engines
async def test_a_new_database_has_the_module_nowhere(own_url, modules):
    assert await switched(own_url, modules) == []
