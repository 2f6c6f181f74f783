"""What a town says of this module in `modules/connectors.toml`: the budgets of plugins."""

from typing import Annotated

from msgspec import Meta, Struct

Amount = Annotated[int, Meta(ge=0)]


class Budget(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one plugin may use: calls into its code and their seconds in a day, characters that are kept for it; 0: any.

    Nothing is stopped where it uses more: it is named to operators, to monitors and in alerts.
    """

    calls: Amount = 0
    seconds: Amount = 0
    characters: Amount = 0


class ConnectorSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`budgets` by the names of plugins. Where several towns have a plugin, the lowest holds for all that it does."""

    budgets: dict[str, Budget] = {}


SETTINGS = ConnectorSettings()
