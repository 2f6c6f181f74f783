"""How our reports stand there, asked for in batches: numbers for tokens, new states, what is not shown any more."""

import hashlib
from datetime import timedelta

import msgspec
from msgspec import structs

from parvis_open311_connector.client import GeoReport, Rejected
from parvis_open311_connector.filing import LONGEST_PERIOD, MADE, NOTICE, SKEW, kept_as, stamp, together
from parvis_open311_connector.mapping import FILED, Held, as_held, bears_another, mark_of, numbers
from parvis_open311_connector.reading import Row, id_of, moment_of, text_of
from parvis_open311_connector.settings import Neighbour, Service
from parvis_sdk.connectors import Connection, News
from parvis_sdk.subscriptions import Update
from parvis_sdk.text import Text

ONE_BY_ONE = 10  # of a batch, with a server that takes no list of numbers, and of tokens
READ_UNTIL, BEGAN = "read_until", "began"
FIRST, OVERLAP = timedelta(days=1), timedelta(minutes=10)
UNSHOWN_AFTER = timedelta(days=2)  # in which what was filed may not be shown yet
STANDS = Text(fr="{title}, {number}\u00a0: «\u00a0{state}\u00a0»", en="{title}, {number}: “{state}”")
UNKNOWN = Text(
    fr="Cet état n’est pas dans la correspondance\u00a0: rien n’a été fait ici.",
    en="This state is not in the mapping. Nothing was done here.",
)
UNSHOWN = Text(
    fr="{title} n’affiche pas (ou plus) la requête {number}.",
    en="{title} does not show request {number}, or no longer does.",
)
LOST = Text(
    fr="{title} ne reconnaît plus le jeton de cette requête.", en="{title} no longer recognizes this request’s token."
)


class StateReader:
    """One look at how a batch of our reports stands."""

    def __init__(self, there: GeoReport, neighbour: Neighbour, connection: Connection) -> None:
        self.there, self.neighbour, self.connection = there, neighbour, connection
        self.services = {each.to: each for each in reversed(neighbour.services)}

    async def changes(self, cursor: str) -> News:
        """News of the reports after the reference at which the last batch ended; at the end, from the beginning."""
        kept = await self.connection.recall_each(FILED, cursor)
        batch = {reference: held for reference, each in kept.items() if (held := as_held(each)) is not None}
        batch = dict(list(batch.items())[: self.neighbour.batch])
        rows, batch = await self._rows(batch)
        updates = [update for reference, held in batch.items() if (update := await self._of(reference, held, rows))]
        updates += await self._said_there(batch) if self.neighbour.updates and batch else []
        last = list(batch)[-1] if batch else ""
        more = bool(last) and list(kept)[-1] != last
        remember = self._read_until(is_first=not cursor, is_last=not more) if self.neighbour.updates else {}
        return News(updates=tuple(updates), cursor=last if more else "", more=more, remember=remember)

    async def _said_there(self, batch: dict[str, Held]) -> list[Update]:
        """What they published about these since the last round; each is taken in once by its id there."""
        now, known = self.connection.now, self.connection.remembered.get(READ_UNTIL)
        since = max(str(known or stamp(now - FIRST)), stamp(now - LONGEST_PERIOD))
        rows = await self.there.updates(start_date=since, end_date=stamp(now + SKEW))
        references = {held.id: reference for reference, held in batch.items() if held.id}
        return [update for row in rows if (update := self._of_update(references.get(id_of(row), ""), row)) is not None]

    def _of_update(self, reference: str, row: Row) -> Update | None:
        id, words = id_of(row, "update_id"), text_of(row, "description")
        if not reference or not id or not words:
            return None
        state = ": ".join(filter(None, (text_of(row, "external_status_code", 60), words)))
        return Update(
            reference=reference,
            key=f"update:{id}",
            note=STANDS.format(title=self.neighbour.title, number=id_of(row), state=state),
        )

    def _read_until(self, *, is_first: bool, is_last: bool) -> dict[str, str]:
        """A round of batches reads from where the last whole round began; somewhat before, as updates come late."""
        began = stamp(self.connection.now - OVERLAP)
        if not is_first:
            began = str(self.connection.remembered.get(BEGAN) or began)
        return {BEGAN: began} | ({READ_UNTIL: began} if is_last else {})

    async def _rows(self, batch: dict[str, Held]) -> tuple[dict[str, Row], dict[str, Held]]:
        """What they show of these, by number; where they take no list, of the first ones only, and those."""
        batch = dict(list(batch.items())[: _count_with(list(batch.values()), ONE_BY_ONE)])
        wanted = numbers(list(batch.values()))
        if not wanted:
            return {}, batch
        rows = await self._listed(wanted)
        missing = [number for number in wanted if number not in rows]
        if len(missing) > ONE_BY_ONE and not rows:
            batch = dict(list(batch.items())[:ONE_BY_ONE])
            missing = numbers(list(batch.values()))
        for number in missing[:ONE_BY_ONE]:
            row = await self.there.request(number)
            rows[number] = row if row is not None and id_of(row) in ("", number) else {}
        return rows, batch

    async def _listed(self, wanted: list[str]) -> dict[str, Row]:
        """Those of these numbers that a list brings; of a number that comes twice, what changed last."""
        try:
            listed = await self.there.requests(service_request_id=",".join(wanted)) if len(wanted) > 1 else []
        except Rejected:
            return {}
        found: dict[str, Row] = {}
        for row in listed:
            number = id_of(row)
            if number in wanted and (number not in found or self._changed(row) >= self._changed(found[number])):
                found[number] = row
        return found

    def _changed(self, row: Row) -> str:
        at = moment_of(row, "updated_datetime", self.neighbour.time_zone, self.connection.now)
        return stamp(at) if at else ""

    async def _of(self, reference: str, held: Held, rows: dict[str, Row]) -> Update | None:
        if held.token and not held.id:
            return await self._of_token(reference, held)
        row = rows.get(held.id)
        if row is None:
            return None  # not asked about this time
        return self._of_row(reference, held, row) if row else self._of_nothing(reference, held)

    async def _of_token(self, reference: str, held: Held) -> Update | None:
        """The number, once they know it."""
        row = await self.there.token(held.token)
        number = id_of(row) if row is not None and id_of(row, "token") in ("", held.token) else ""
        if number:
            return Update(
                reference=reference,
                external_reference=number,
                key=f"token:{held.token}",
                note=MADE.format(title=self.neighbour.title, number=number),
                remember=kept_as(structs.replace(held, id=number)),
            )
        if row is None and self._is_past(held.since, UNSHOWN_AFTER) and not held.gone:
            gone = structs.replace(held, gone=stamp(self.connection.now))
            words = LOST.format(title=self.neighbour.title)
            return Update(reference=reference, key=f"token-lost:{held.token}", note=words, remember=kept_as(gone))
        return self._over(reference, held)

    def _of_nothing(self, reference: str, held: Held) -> Update | None:
        """A report that they do not show: told once, after a while in which it may still be on its way."""
        if held.gone or not self._is_past(held.since, UNSHOWN_AFTER):
            return self._over(reference, held)
        words = UNSHOWN.format(title=self.neighbour.title, number=held.id)
        gone = structs.replace(held, gone=stamp(self.connection.now))
        return Update(reference=reference, key=f"{held.id}:unshown:{gone.gone}", note=words, remember=kept_as(gone))

    def _of_row(self, reference: str, held: Held, row: Row) -> Update | None:
        if other := bears_another(row, mark_of(reference, held.round)):
            return self._foreign(reference, held, other)
        service = self.services.get(held.service)
        status, read = text_of(row, "status", 60).lower(), service.read if service else "status"
        state = status if read == "status" else text_of(row, read, 200)
        words, notice = text_of(row, "status_notes", 500), text_of(row, "service_notice", 500)
        stands = digest_of(status, state, words, notice)
        is_first = not held.told and status == "open"
        if stands == held.told:
            return self._over(reference, held)
        at = moment_of(row, "updated_datetime", self.neighbour.time_zone, self.connection.now)
        closed = (held.closed or stamp(self.connection.now)) if status == "closed" else ""
        now = structs.replace(held, told=stands, state=state, closed=closed, gone="")
        said = self._said(service, held, state or status, words, notice)
        return Update(
            reference=reference,
            key=f"{held.id}:{digest_of(held.told, stands, text_of(row, 'updated_datetime', 60))}",
            at=at,
            note=None if is_first and not self._is_unknown(service, state) and not words else said,
            move=service.moves.get(state, "") if service is not None and state != held.state else "",
            given=_given(service, state, words) if service is not None and state != held.state else {},
            remember=kept_as(now),
        )

    def _said(self, service: Service | None, held: Held, state: str, words: str, notice: str) -> Text:
        shown = f"{state} · {words}" if words and words != state else state
        notes = [STANDS.format(title=self.neighbour.title, number=held.id, state=shown or "?")]
        if notice:
            notes.append(NOTICE.format(title=self.neighbour.title, words=notice))
        if self._is_unknown(service, state):
            notes.append(UNKNOWN)
        return together(notes)

    def _is_unknown(self, service: Service | None, state: str) -> bool:
        return service is not None and state not in service.moves and state not in service.silent

    def _foreign(self, reference: str, held: Held, other: str) -> Update:
        """Their number now stands for another request of ours: nothing of it is taken in before a person says so."""
        words = STANDS.format(title=self.neighbour.title, number=held.id, state=other)
        return Update(
            reference=reference,
            external_reference=held.id,
            key=f"{held.id}:foreign:{other}",
            note=words,
            foreign=True,
        )

    def _over(self, reference: str, held: Held) -> Update | None:
        """Nothing is new; what ended long ago is asked about no more."""
        since = held.closed or held.gone
        if not since or not self._is_past(since, timedelta(days=self.neighbour.watch_days)):
            return None
        return Update(reference=reference, key=f"{held.id or held.token}:over", remember=kept_as(held, over=True))

    def _is_past(self, since: str, after: timedelta) -> bool:
        return since <= stamp(self.connection.now - after)


def _count_with(helds: list[Held], tokens: int) -> int:
    """How many of these to take at once so that no more than so many tokens are asked for."""
    asked = [count for count, each in enumerate(helds) if each.token and not each.id]
    return asked[tokens] if len(asked) > tokens else len(helds)


def _given(service: Service, state: str, words: str) -> dict[str, str]:
    """The answers that a move asks for."""
    return {name: said.replace("{words}", words) for name, said in service.given.get(state, {}).items()}


def digest_of(*words: str) -> str:
    """What stands for what was told."""
    return hashlib.sha256(msgspec.json.encode(words)).hexdigest()[:24]
