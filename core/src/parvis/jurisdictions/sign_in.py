"""By which identity providers the people of a town sign in, and what their groups give them: `sign_in.toml`."""

import msgspec

from parvis.jurisdictions.reading import Table, did_you_mean
from parvis.jurisdictions.town_files import TownFile
from parvis.jurisdictions.units import check_known

EVERYBODY = "*"
OPERATOR = "operator"


class GroupRule(msgspec.Struct, frozen=True, kw_only=True):
    """Whoever comes in by the provider with one of these values has the role, over the unit and those below it,
    in these zones or in all."""

    provider: str
    values: tuple[str, ...]
    role: str
    claim: str = "groups"
    unit: str = ""
    zones: tuple[str, ...] = ()


class SignIn(msgspec.Struct, frozen=True, kw_only=True):
    """The providers of a town, by their names in the settings, and its rules; with `second_factor`, a password that
    was typed elsewhere is not enough."""

    providers: tuple[str, ...] = ()
    second_factor: bool = False
    rules: tuple[GroupRule, ...] = ()


def read_sign_in(table: Table, units: frozenset[str], zones: frozenset[str] | None) -> SignIn:
    """The file of one town; a rule for everybody never makes operators."""
    providers = table.strings("providers", required=True)
    rules = []
    for entry in table.tables("grants"):
        provider = entry.string("provider", providers[0] if len(providers) == 1 else "", required=len(providers) > 1)
        rule = GroupRule(
            provider=provider,
            claim=entry.string("claim", "groups"),
            values=entry.strings("values", required=True),
            role=entry.code("role", required=True),
            unit=entry.code("unit"),
            zones=entry.strings("zones"),
        )
        entry.close()
        if provider and provider not in providers:
            near = did_you_mean(provider, providers)
            entry.wrong("provider", f"'{provider}' is not one of the providers above", f"name one of them{near}")
        check_known(entry, "unit", (rule.unit,) if rule.unit else (), units, "unit")
        check_known(entry, "zones", rule.zones, zones, "zone")
        if EVERYBODY in rule.values and rule.role == OPERATOR:
            entry.wrong("values", "makes everybody an operator", "name the group of the operators")
        rules.append(rule)
    sign_in = SignIn(providers=providers, second_factor=table.yes("second_factor", False), rules=tuple(rules))
    table.close()
    return sign_in


SIGN_IN = TownFile(
    name="sign_in.toml", read=lambda table, around: read_sign_in(table, around.units, around.zones), usual=SignIn()
)
