"""A handler that numbers its orders by itself: the same event twice makes two."""

from itertools import count

from parvis_bad.sound import LAMP

from parvis_sdk.events import Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import Outcome, on

NUMBERS = count(1)


@on(Submitted)
async def order(event, request):
    return Outcome(external_reference=f"WO-{next(NUMBERS)}")


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def subscriptions():
    return [order]


# kit: parvis_bad/plugin.py:14 · subscription 'order' · Submitted in state 'received', come twice, is answered in two
#     ways: Outcome(note=None, external_reference='WO-1', move='', given={}, messages=(), by_hand=None, remember={},
#     correct=None, proposals=(), tasks=(), tasks_over=()), then Outcome(note=None, external_reference='WO-2', move='',
#     given={}, messages=(), by_hand=None, remember={}, correct=None, proposals=(), tasks=(), tasks_over=()) · an event
#     that comes again, after a breakdown, does something else · take event.id as the key, and count, date and draw
#     nothing
