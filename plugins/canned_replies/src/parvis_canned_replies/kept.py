"""Ready texts as they are kept: every version of each, the first being what the town's files say."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from parvis import clock
from parvis.db import NotUnique, insert_values, transaction
from parvis.db.tables import Row
from parvis.jurisdictions import Jurisdiction
from parvis.requests.actors import Actor
from parvis.requests.host import Host
from parvis.requests.personal import ErasureRule, Personal
from parvis.requests.records import as_json
from parvis_canned_replies.ready_texts import READY_TEXTS, ReadyText
from parvis_canned_replies.standing import StandingTexts, TownTexts
from parvis_canned_replies.tables import ReadyTextOrder, ReadyTextVersion

FRESH = timedelta(seconds=5)
MOST_OWN = 30  # that one person keeps in a town
MOST = 300
MOST_VERSIONS = 50  # of one text, shown on one page
FILES = 1  # the number of what the town's files say, whether it was kept already or not
LAST = """
SELECT t.* FROM ready_text t WHERE t.jurisdiction = {} AND NOT EXISTS
(SELECT 1 FROM ready_text n WHERE n.key = t.series || '/' || CAST(t.number + 1 AS TEXT))"""


class Version(Struct, frozen=True, kw_only=True):
    """A ready text as somebody wrote it; the town's files where there is no `at`."""

    number: int
    ready: ReadyText
    owner: str = ""
    retired: bool = False
    back_to: int = 0
    by: str = ""
    at: datetime | None = None


async def standing_texts(host: Host, town: Jurisdiction) -> StandingTexts:
    """What is offered now; read again after some seconds, so that the page of a request costs no statement for it."""
    known, now = host.of(TownTexts).get(town.code), clock.now()
    if known is not None and timedelta(0) <= now - known.read_at < FRESH:
        return known
    last = await _all_of(town)
    own: dict[str, list[ReadyText]] = {}
    for each in _by_title(each for each in last if each.owner):
        own.setdefault(each.owner, []).append(each.ready)
    texts = await _in_order(town, last)
    host.of(TownTexts)[town.code] = standing = StandingTexts(
        texts=tuple(each.ready for each in texts if not each.retired),
        own={owner: tuple(those) for owner, those in own.items()},
        read_at=now,
    )
    return standing


async def texts_of(town: Jurisdiction, owner: str) -> tuple[tuple[Version, ...], tuple[Version, ...]]:
    """The last version of each text of the town, in order, retired ones too; and of each that somebody keeps."""
    last = await _all_of(town)
    return (
        await _in_order(town, last),
        _by_title(each for each in last if each.owner and each.owner == owner),
    )


async def _all_of(town: Jurisdiction) -> tuple[Version, ...]:
    return tuple(_version(row) for row in await ReadyTextVersion.raw(LAST, town.code))


async def _in_order(town: Jurisdiction, last: Iterable[Version]) -> tuple[Version, ...]:
    """Those of the town as somebody ordered them; what nobody did comes last, that of the files before other."""
    written = {each.ready.code: each for each in last if not each.owner}
    files = [written.pop(ready.code, Version(number=FILES, ready=ready)) for ready in READY_TEXTS.of(town)]
    texts = (*files, *sorted(written.values(), key=lambda each: each.ready.code))
    places = {code: place for place, code in enumerate(await order_of(town))}
    return tuple(sorted(texts, key=lambda each: places.get(each.ready.code, len(places))))


async def order_of(town: Jurisdiction) -> tuple[str, ...]:
    """The codes as somebody ordered them."""
    rows = await ReadyTextOrder.select(ReadyTextOrder.codes).where(ReadyTextOrder.jurisdiction == town.code)
    return msgspec.json.decode(rows[0]["codes"], type=tuple[str, ...]) if rows else ()


def _by_title(texts: Iterable[Version]) -> tuple[Version, ...]:
    return tuple(sorted(texts, key=lambda each: each.ready.title.fr.casefold()))


async def versions_of(town: Jurisdiction, code: str, owner: str = "") -> tuple[Version, ...]:
    """Every version of one text, the newest first; none where there is no such text."""
    table = ReadyTextVersion
    rows = (
        await table.select()
        .where(table.series == _series(town, code, owner))
        .order_by(table.number, ascending=False)
        .limit(MOST_VERSIONS)
    )
    files = in_files(town, code, owner)
    return tuple(_version(row) for row in rows) or ((Version(number=FILES, ready=files),) if files else ())


def in_files(town: Jurisdiction, code: str, owner: str = "") -> ReadyText | None:
    """What the town's files say today."""
    return None if owner else next((each for each in READY_TEXTS.of(town) if each.code == code), None)


async def last_of(town: Jurisdiction, code: str, owner: str = "") -> Version | None:
    """One text as it is now, retired or not."""
    versions = await versions_of(town, code, owner)
    return versions[0] if versions else None


async def write(
    host: Host, town: Jurisdiction, ready: ReadyText, *, seen: int, actor: Actor, owner: str = ""
) -> int | None:
    """Keep a text in the place of the version that was seen (0: of none); None where somebody was faster."""
    return await _next(host, town, Version(number=seen, ready=ready, owner=owner), actor)


async def retire(host: Host, town: Jurisdiction, code: str, *, seen: int, actor: Actor) -> int | None:
    """Offer a text no more; its words and its history stay."""
    last = await last_of(town, code)
    if last is None:
        return None
    return await _next(host, town, Version(number=seen, ready=last.ready, retired=True), actor)


async def bring_back(
    host: Host, town: Jurisdiction, code: str, to: int, *, seen: int, actor: Actor, owner: str = ""
) -> int | None:
    """Offer an earlier version again, as a new one; 0 is what the town's files say today."""
    versions = {each.number: each.ready for each in await versions_of(town, code, owner)}
    ready = versions.get(to) if to else in_files(town, code, owner)
    if ready is None:
        return None
    return await _next(host, town, Version(number=seen, ready=ready, owner=owner, back_to=to), actor)


async def _next(host: Host, town: Jurisdiction, wanted: Version, actor: Actor) -> int | None:
    """The number of the version that follows the one seen; of a press that comes twice the second changes nothing."""
    code, owner = wanted.ready.code, wanted.owner
    try:
        async with transaction(host.engine):
            last = await last_of(town, code, owner)
            if last is not None and last.number == wanted.number + 1 and _same(last, wanted):
                return last.number
            if wanted.number != (last.number if last else 0):
                return None
            if last is not None and _same(last, wanted):
                return last.number
            if last is not None and last.at is None and not await _is_kept(town, code):
                await insert_values(ReadyTextVersion, _row(town, last))  # what the files said stays, to be brought back
            made = msgspec.structs.replace(wanted, number=wanted.number + 1, by=actor.name[:120], at=clock.now())
            await insert_values(ReadyTextVersion, _row(town, made, actor))
    except NotUnique:  # somebody wrote another at the same moment
        return None
    host.of(TownTexts).pop(town.code, None)
    return made.number


def _same(one: Version, other: Version) -> bool:
    return (one.ready, one.retired) == (other.ready, other.retired)


async def _is_kept(town: Jurisdiction, code: str) -> bool:
    return await ReadyTextVersion.exists().where(ReadyTextVersion.key == f"{_series(town, code)}/{FILES}")


async def throw_away(host: Host, town: Jurisdiction, code: str, owner: str) -> bool:
    """Destroy a text that somebody kept for themselves, with every version of it."""
    table = ReadyTextVersion
    async with transaction(host.engine):
        gone = await table.delete().where(table.series == _series(town, code, owner)).returning(table.key)
    host.of(TownTexts).pop(town.code, None)
    return bool(gone)


def _series(town: Jurisdiction, code: str, owner: str = "") -> str:
    return f"{town.code}/{owner}/{code}"


def _version(row: Row) -> Version:
    return Version(
        number=row["number"],
        ready=msgspec.json.decode(row["body"], type=ReadyText),
        owner=row["owner"],
        retired=bool(row["retired"]),
        back_to=row["back_to"],
        by=row["by"],
        at=row["at"] if row["by"] else None,
    )


def _row(town: Jurisdiction, version: Version, actor: Actor | None = None) -> Row:
    series = _series(town, version.ready.code, version.owner)
    return {
        "key": f"{series}/{version.number}",
        "series": series,
        "jurisdiction": town.code,
        "owner": version.owner,
        "code": version.ready.code,
        "number": version.number,
        "body": as_json(version.ready),
        "retired": version.retired,
        "back_to": version.back_to,
        "agent": actor.id[:60] if actor else "",
        "by": version.by,
        "at": version.at or clock.now(),
    }


ERASURE = ErasureRule(closed=(Personal(table="ready_text", column="owner"),))
