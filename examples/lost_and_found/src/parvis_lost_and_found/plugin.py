"""The hooks of the plugin."""

from collections.abc import Sequence

from parvis_lost_and_found.alike import ALIKE_PANEL, COUNT_CHORE
from parvis_lost_and_found.counter import ask_the_counter, hand_over
from parvis_lost_and_found.counting import FOUND_BY_KIND
from parvis_lost_and_found.found import FOUND
from parvis_lost_and_found.lost import LOST
from parvis_lost_and_found.matching import check_claim, match_found, match_lost
from parvis_sdk.chores import Chore
from parvis_sdk.figures import Figure
from parvis_sdk.hooks import hookimpl
from parvis_sdk.panels import Panel
from parvis_sdk.request_types import RequestType
from parvis_sdk.subscriptions import Subscription


@hookimpl
def request_types() -> Sequence[RequestType]:
    return [LOST, FOUND]


@hookimpl
def subscriptions() -> Sequence[Subscription]:
    return [match_found, match_lost, check_claim, ask_the_counter, hand_over]


@hookimpl
def figures() -> Sequence[Figure]:
    return [FOUND_BY_KIND]


@hookimpl
def panels() -> Sequence[Panel]:
    return [ALIKE_PANEL]


@hookimpl
def chores() -> Sequence[Chore]:
    return [COUNT_CHORE]
