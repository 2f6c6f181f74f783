"""What a stored password is worth to a thief."""

import argon2
import pytest

from parvis.people.passwords import hash_password


@pytest.mark.usefixtures("real_passwords")
async def test_a_stored_password_costs_nineteen_mebibytes_a_guess() -> None:
    stored = argon2.extract_parameters(await hash_password("un mot de passe bien long"))
    assert stored.type is argon2.Type.ID
    assert stored.memory_cost >= 19 * 1024
