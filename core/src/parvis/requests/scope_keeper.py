"""Who knows what plugins may find, correct and propose, and what others than they are found by."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from msgspec import Struct

from parvis.plugins.registry import NamedSubscription
from parvis.requests.changing import Write
from parvis.requests.host import Host
from parvis.requests.visibility import Viewer
from parvis_sdk.chores import Chore
from parvis_sdk.events import Event
from parvis_sdk.figures import Figure
from parvis_sdk.finding import Finder, FindsNothing
from parvis_sdk.panels import Panel
from parvis_sdk.subscriptions import Outcome, Subscription

Finding = Subscription | Panel | Figure | Chore


class Search(Struct, frozen=True, kw_only=True):
    """Who finds, by its granted name and in which town: never the request `besides`, for a `viewer` what they see."""

    name: str
    noun: Finding
    town: str
    besides: UUID | None = None
    viewer: Viewer | None = None


class ScopeKeeper(Struct, frozen=True, kw_only=True):
    """Who knows what plugins may find, correct and propose in the towns that have the module.

    `lent` answers what somebody finds other requests by, `kept` what writes the correction and the proposals of a
    handler in the transaction in which the delivery of that event ends; `granted` whether what one
    declares is granted in its town.
    """

    lent: Callable[[Host, Search], Finder]
    kept: Callable[[Host, NamedSubscription, Event, Outcome], Write]
    granted: Callable[[Search], Awaitable[bool]]


def scope_name(plugin: str, hook: str, code: str) -> str:
    """By which name the scopes of a panel, a figure or a chore are granted."""
    return f"{plugin}.{hook}.{code}"


def finder_for(host: Host, search: Search) -> Finder:
    """What somebody finds other requests by; nothing, where no module of the town knows what they may."""
    finds = search.noun.finds
    keepers = host.modules.heard(ScopeKeeper, host.jurisdictions.jurisdiction(search.town)) if finds else ()
    return keepers[0].lent(host, search) if keepers else FindsNothing(finds)
