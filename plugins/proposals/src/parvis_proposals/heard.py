"""What the module answers to the core's hooks: a finder for plugins, and what handlers correct and propose."""

from functools import partial

from parvis.plugins.registry import NamedSubscription
from parvis.requests.changing import Write
from parvis.requests.host import Host
from parvis.requests.scope_keeper import ScopeKeeper
from parvis_proposals.finder import ScopedFinder
from parvis_proposals.granting import search_is_granted
from parvis_proposals.proposing import keep_wishes
from parvis_sdk.events import Event
from parvis_sdk.subscriptions import Outcome


def kept(host: Host, named: NamedSubscription, event: Event, outcome: Outcome) -> Write:
    """What writes the wishes of an outcome."""
    return partial(keep_wishes, host, named, event, outcome)


KEEPER = ScopeKeeper(lent=ScopedFinder, kept=kept, granted=search_is_granted)
