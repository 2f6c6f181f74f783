"""What can be done to requests that are chosen in the queue: declared by modules, each with how one request fares."""

from collections.abc import Awaitable, Callable
from typing import Any

from msgspec import Struct

from parvis.requests.actors import Actor
from parvis.requests.changing import Change, Situation
from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis.requests.visibility import Viewer
from parvis_sdk.forms import Form
from parvis_sdk.problems import Problems
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

NO_QUESTIONS = Form(sections=())


class OfModule(Struct, frozen=True, kw_only=True, tag="module"):
    """What is kept of an action that a module declares: its name, what it was called, and the answers to it."""

    name: str
    title: Text
    given: dict[str, Any] = {}


async def locks_nothing(host: Host, action: Any, reference: str) -> None:
    """Nothing changes together with the request."""


class QueueAction(Struct, frozen=True, kw_only=True):
    """`judge` says why one request would not be changed as it stands now, None where it would be; `plan` is the change,
    judged anew under lock. Both are given what is kept of the action, an `OfModule` with the answers to what it `asks`.
    `lock` is asked in the transaction before the request is locked, in the order of all.
    What it did may be `undone` (by `parvis.requests.undoing`). The answers go when all is done, unless the action
    `tells_nothing` of anybody.
    """

    name: str
    right: str
    judge: Callable[[Host, Viewer, Record, Any], Awaitable[Text | None]]
    plan: Callable[[Host, Viewer, Actor, Any, Situation], Awaitable[Change | Denied | Problems]]
    lock: Callable[[Host, Any, str], Awaitable[None]] = locks_nothing
    undone: bool = False
    tells_nothing: bool = False
    title: Text = Text(fr="")
    asks: Form = NO_QUESTIONS
