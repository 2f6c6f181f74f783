"""Whether a town requires a second factor of its people; modules read the other keys of the same file."""

import msgspec

from parvis.jurisdictions.town_files import TownFile


class SignIn(msgspec.Struct, frozen=True, kw_only=True):
    """How the people of a town must sign in: with `second_factor`, a password alone is not enough."""

    second_factor: bool = False


SIGN_IN = TownFile(
    name="sign_in.toml",
    read=lambda table, _: SignIn(second_factor=table.yes("second_factor", False)),
    usual=SignIn(),
    shared=True,
)
