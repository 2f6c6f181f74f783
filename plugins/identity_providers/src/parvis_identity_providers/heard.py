"""What the module answers to the core's hooks: names of providers, roles they give, sessions that end with them."""

from collections.abc import Iterator

from parvis.people.agents import Grant
from parvis.requests.host import Host
from parvis.requests.module_use import SwitchWarning
from parvis.sign_in_sources import SignInSource
from parvis_identity_providers.arrivals import is_given_by_groups
from parvis_identity_providers.lockout import said_before
from parvis_identity_providers.providers import IdentityProviders, secret_variable
from parvis_identity_providers.rules import NAME
from parvis_sdk.text import Text

BY_GROUP = Text(
    fr="{name} redonne ce rôle à chaque connexion, par un groupe. Pour le retirer, retirez la personne du "
    "groupe dans ce système, ou modifiez le fichier sign_in.toml de la ville. Pour bloquer l’accès "
    "immédiatement, fermez le compte.",
    en="{name} gives this role again at every sign-in, through a group. To remove it, remove the person "
    "from the group in that system, or edit the town’s sign_in.toml file. To block access immediately, "
    "close the account.",
)


def name_of(host: Host, word: str) -> Text | None:
    known = host.of(IdentityProviders).get(word)
    return known.provider.name if known is not None else None


def gives(host: Host, grant: Grant) -> Text | None:
    """Why a role is taken at the provider that gives it, not here."""
    return (
        BY_GROUP.format(name=name_of(host, grant.source) or grant.source) if is_given_by_groups(host, grant) else None
    )


def variables(host: Host) -> Iterator[str]:
    return map(secret_variable, host.of(IdentityProviders))


SOURCE = SignInSource(name=name_of, gives=gives, variables=variables)
WARNING = SwitchWarning(module=NAME, said=said_before)
