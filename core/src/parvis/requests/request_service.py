"""The one way by which portal, desk, API and endpoints of plugins bring requests in."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from parvis import clock
from parvis.jurisdictions.calendars import local_day
from parvis.jurisdictions.layers import known_of
from parvis.requests.actors import REQUESTER, Actor
from parvis.requests.advice import NOBODY, Insistence
from parvis.requests.attached.attachments import waiting
from parvis.requests.contacts import methods_read
from parvis.requests.declarations import type_of_record
from parvis.requests.host import Host
from parvis.requests.intake import NOT_OFFERED, Past, take_in, taken_before
from parvis.requests.offered import type_of, types_of
from parvis.requests.records import find
from parvis.requests.visibility import PUBLIC, present, sees
from parvis_sdk.counter import PublicRequest, Receipt
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Channel


class RequestService:
    """Takes requests in for every caller; it satisfies `parvis_sdk.counter.Counter`."""

    def __init__(self, host: Host) -> None:
        self.host = host

    def types(self, jurisdiction: str) -> tuple[RequestType, ...]:
        return types_of(self.host, self.host.jurisdictions.jurisdiction(jurisdiction))

    async def submit(
        self,
        jurisdiction: str,
        type: str,
        raw: Mapping[str, Any],
        *,
        channel: Channel,
        idempotency_key: str = "",
        fingerprint: str = "",
        actor: Actor = REQUESTER,
        holder: str = "",
        insistence: Insistence = NOBODY,
        past: Past | None = None,
        declares: bool = False,
    ) -> Receipt | Problems:
        """Read what was sent and take it in; `holder` owns the files that it names, `insistence` overrules advice.

        What `past` writes goes along. What the town says to everybody is taken in only from a caller who found that it
        may be said (`declares`).
        With `idempotency_key`, a repeat gets the first receipt again, if its `fingerprint` is the same.
        """
        town = self.host.jurisdictions.jurisdiction(jurisdiction)
        request_type = type_of(self.host, town, type)
        if request_type is None:
            return Problems(found=(Problem(path="type", code="not_offered", message=NOT_OFFERED),))
        files = await waiting(holder) if holder else {}
        today = local_day(town.calendar, clock.now())
        known = partial(known_of, town)
        methods = methods_read(self.host, town)
        submission = request_type.read(
            raw, channel=channel, today=today, attachments=files, known=known, methods=methods
        )
        taken = (
            submission
            if isinstance(submission, Problems)
            else await take_in(
                self.host,
                town,
                submission,
                actor=actor,
                idempotency_key=idempotency_key,
                fingerprint=fingerprint,
                holder=holder,
                insistence=insistence,
                past=past,
                declares=declares,
            )
        )
        if isinstance(taken, Problems):  # what was taken in once may not read well again, nor be wanted any more
            return await taken_before(self.host, town, idempotency_key, fingerprint) or taken
        return taken

    async def look_up(self, jurisdiction: str, reference: str) -> PublicRequest | None:
        record = await find(self.host, reference)
        if record is None or record.jurisdiction != jurisdiction or not sees(PUBLIC, record, self.host.jurisdictions):
            return None
        shown = present(self.host, record, await type_of_record(self.host, record), PUBLIC)
        place = shown.place
        return PublicRequest(
            reference=shown.reference,
            type=shown.type,
            state=shown.state,
            phase=shown.phase,
            submitted_at=shown.submitted_at,
            updated_at=shown.updated_at,
            lon=place.lon if place else None,
            lat=place.lat if place else None,
            address=place.address if place else "",
            answers=shown.answers,
        )
