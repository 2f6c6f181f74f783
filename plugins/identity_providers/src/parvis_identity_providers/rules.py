"""By which identity providers the people of a town sign in, and what their groups give them: `sign_in.toml`."""

from collections.abc import Iterator

from msgspec import Struct

from parvis.jurisdictions import Jurisdiction, JurisdictionMistake
from parvis.jurisdictions.reading import Table, did_you_mean, not_installed
from parvis.jurisdictions.town_files import Offer, Surroundings, TownFile
from parvis.jurisdictions.units import check_known
from parvis.people.roles import ROLES
from parvis_identity_providers.providers import IdentityProviders

NAME = "identity_providers"
EVERYBODY = "*"
OPERATOR = "operator"
FILE = "sign_in.toml"


class GroupRule(Struct, frozen=True, kw_only=True):
    """A rule that gives a role to people who sign in with one of these values, over the unit and those below it, in
    these zones or in all.
    """

    provider: str
    values: tuple[str, ...]
    role: str
    claim: str = "groups"
    unit: str = ""
    zones: tuple[str, ...] = ()


class TownProviders(Struct, frozen=True, kw_only=True):
    """The providers of a town, by their names in the settings, and its rules."""

    providers: tuple[str, ...] = ()
    rules: tuple[GroupRule, ...] = ()


def read_providers_of_town(table: Table, around: Surroundings) -> TownProviders:
    """What the file of one town says; a rule for everybody never makes operators."""
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
        check_known(entry, "unit", (rule.unit,) if rule.unit else (), around.units, "unit")
        check_known(entry, "zones", rule.zones, around.zones, "zone")
        if EVERYBODY in rule.values and rule.role == OPERATOR:
            entry.wrong("values", "makes everybody an operator", "name the group of the operators")
        rules.append(rule)
    return TownProviders(providers=providers, rules=tuple(rules))


def loose_ends(town: Jurisdiction, said: TownProviders, offer: Offer) -> Iterator[JurisdictionMistake]:
    """Providers and roles that nobody here knows, and buttons that the town's own list of modules keeps away."""
    file, known = f"{town.code}/{FILE}", offer.given(IdentityProviders) or IdentityProviders()
    for name in said.providers:
        if name not in known:
            yield not_installed(file, "providers", name, "provider of sign-in", known)
    for rule in said.rules:
        if rule.role not in ROLES:
            yield not_installed(file, "grants", rule.role, "role", ROLES)
    if said.providers and town.modules is not None and NAME not in town.modules:
        what, todo = "names providers, and the town does not have their module", f"add {NAME} to modules"
        yield JurisdictionMistake(file=file, key="providers", what=what, todo=f"{todo} in jurisdiction.toml")


TOWN = TownFile(
    name=f"{FILE}: providers, grants", read=read_providers_of_town, usual=TownProviders(), loose_ends=loose_ends
)
TOWN_FILES = (TOWN,)
