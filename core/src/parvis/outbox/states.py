"""The states of a delivery, and what a claimed one looks like."""

from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct

DeliveryState = Literal["waiting", "claimed", "postponed", "done", "dead", "skipped"]
STATES: tuple[DeliveryState, ...] = ("waiting", "claimed", "postponed", "done", "dead", "skipped")

UNFINISHED = "state IN ('waiting', 'claimed', 'postponed')"
"""The condition of the partial indexes; queries must say it in these very words to use them."""

CHANNEL = "channel:"
CONNECTOR = "connector:"
HEARTBEAT = "heartbeat"  # a subscriber of the host itself, see `parvis.outbox.heartbeat`


class DeliveryClaim(Struct, frozen=True, kw_only=True):
    """A delivery that this worker holds until its lease ends. `attempts` counts this try and tells claims apart;
    `blocked` counts the tries in which the plugin blocked the worker.

    `after_failures` says that its subscriber failed the last time, so that a success is news; `is_cut_off` that the
    last worker that held it ended without an answer: nobody knows what came of its try.
    """

    id: UUID
    request: UUID
    reference: str
    subscriber: str
    event_id: str
    event: str
    attempts: int
    worker: str
    blocked: int | None = None
    is_probe: bool = False
    after_failures: bool = False
    is_cut_off: bool = False

    @property
    def plugin(self) -> str:
        """Who hears of the event: a plugin, or a connector by its own name; empty for a message."""
        return self.connector or ("" if self.is_message else self.subscriber.partition(".")[0])

    @property
    def connector(self) -> str:
        """The connector that hears of the event; empty for any other subscriber."""
        return self.subscriber.removeprefix(CONNECTOR) if self.subscriber.startswith(CONNECTOR) else ""

    @property
    def is_heartbeat(self) -> bool:
        """Whether it only proves that it was carried."""
        return self.subscriber == HEARTBEAT

    @property
    def is_message(self) -> bool:
        """Whether a channel carries it to a person."""
        return self.subscriber.startswith(CHANNEL)

    @property
    def channel(self) -> str:
        """The channel that carries the message; empty for an event."""
        return self.subscriber.removeprefix(CHANNEL) if self.is_message else ""

    @property
    def word(self) -> str:
        """The announcement that is told by it; empty for any other delivery."""
        found: dict[str, Any] = msgspec.json.decode(self.event) if '"word"' in self.event else {}
        return str(found.get("word", ""))

    @property
    def asked_by_anybody(self) -> str:
        """The event that a person asking has brought about; empty when the town did."""
        found: dict[str, Any] = msgspec.json.decode(self.event)
        return str(found.get("event", "")) if found.get("actor") == "requester" else ""

    def event_without_message(self) -> str:
        """What is kept of the event once it is done: a message's words and receiver are not."""
        event: dict[str, Any] = msgspec.json.decode(self.event)
        if "message" not in event:
            return self.event
        return msgspec.json.encode({**event, "message": {}}).decode()
