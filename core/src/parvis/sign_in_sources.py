"""What modules by which people sign in say of it: what each way is called, what it gives anew, and what it reads."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from msgspec import Struct

from parvis import i18n
from parvis.people.agents import Grant
from parvis.plugins.trying import Failure, caught_at_once
from parvis.requests.host import Host
from parvis_sdk.text import Text


class SignInSource(Struct, frozen=True, kw_only=True):
    """What one module says of its ways in, on or off: `name` of the word that sessions, roles and the log hold; why a
    role is given anew at each sign-in (`gives`), so that taking it by hand would not last; `variables` that it reads.
    """

    name: Callable[[Host, str], Text | None]
    gives: Callable[[Host, Grant], Text | None]
    variables: Callable[[Host], Iterable[str]] = lambda host: ()


def source_name(host: Host, word: str) -> str:
    """What a way in is called today, in the reader's language; its word once it is gone."""
    return i18n.say(found) if (found := _first(host, lambda each: each.name(host, word))) else word


def given_anew(host: Host, grant: Grant) -> Text | None:
    """Why it would not last to take this role by hand; nothing where it would."""
    return _first(host, lambda each: each.gives(host, grant)) if grant.source else None


def variables_of_sources(host: Host) -> set[str]:
    """The variables of the environment that these modules read."""
    return {name for each in host.modules.heard(SignInSource) for name in each.variables(host)}


def _first(host: Host, ask: Callable[[SignInSource], Any]) -> Text | None:
    for each in host.modules.heard(SignInSource):
        said = caught_at_once(partial(ask, each))
        if not isinstance(said, Failure) and isinstance(said.value, Text):
            return said.value
    return None
