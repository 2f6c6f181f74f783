"""Who is written to: whether an address was confirmed by its person, and how much anybody may have sent to it in a day.

Anybody may type any address at a door of the town. What is counted is the address written to, over all doors and towns,
not who asks: callers are many. Of an address nothing is kept but a digest with the secret of the installation.
"""

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Literal

from parvis import clock
from parvis.db import Engine, transaction
from parvis.db.upkeep_tables import Addressee
from parvis.signing import every_key

Sort = Literal["filed", "asked", "link", "changed"]
"""A message that tells of a request just filed; that goes to an address for the asking (to follow, to take up a draft,
to be let in); that carries a link back to what is one's own; that tells of a change of contact details. Each has its
own measure: what a stranger has sent to somebody never keeps their own link from them, nor the news that somebody took
their request over."""
MOST: dict[Sort, tuple[int, int]] = {"filed": (20, 60), "asked": (6, 20), "link": (12, 24), "changed": (12, 24)}
"""How many a day to an address that nobody has confirmed, and to one that was."""
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
CONFIRMED_FOR = timedelta(days=730)
COUNT = """
INSERT INTO addressee (key, messages, until) VALUES {rows}
ON CONFLICT (key) DO UPDATE SET
    messages = CASE WHEN addressee.until <= {{}} THEN excluded.messages ELSE addressee.messages + excluded.messages END,
    until = CASE WHEN addressee.until <= {{}} THEN excluded.until ELSE addressee.until END
RETURNING key, messages
"""


async def may_write(secret: bytes, to: str, sort: Sort) -> bool:
    """Inside a transaction: counts one message and says whether it may still go today."""
    return (await may_write_each(secret, [(to, sort)]))[0]


async def may_write_each(secret: bytes, messages: Sequence[tuple[str, Sort]]) -> list[bool]:
    """The same of several, one after the other, in one statement as long as nobody is written to too often."""
    keys = [_key(secret, sort, to) for to, sort in messages]
    counted = await _count(Counter(keys), DAY)
    answers: list[bool] = []
    for number, (key, (to, sort)) in enumerate(zip(keys, messages, strict=True)):
        many = counted[key] - keys[number + 1 :].count(key)
        of_strangers, of_confirmed = MOST[sort]
        may = many <= of_strangers or (many <= of_confirmed and bool(await confirmed_among(secret, (to,))))
        # Strangers who ask for links all day long do not shut a person out: one goes each hour, whatever was asked for.
        hourly = _key(secret, "hourly", to)
        answers.append(may or (sort == "link" and (await _count({hourly: 1}, HOUR))[hourly] == 1))
    return answers


async def _count(keys: Mapping[str, int], within: timedelta) -> dict[str, int]:
    """Inside a transaction: so many more; how many there are within that time. In one order, no matter who counts."""
    if not keys:
        return {}
    now = clock.now()
    rows = [value for key in sorted(keys) for value in (key, keys[key], now + within)]
    marks = ", ".join(["({}, {}, {})"] * len(keys))
    found = await Addressee.raw(COUNT.format(rows=marks), *rows, now, now)
    return {row["key"]: int(row["messages"]) for row in found}


async def confirmed_among(secret: bytes, addresses: Iterable[str]) -> frozenset[str]:
    """Those whose person has opened a link that was sent there, and nowhere else."""
    keys = {_key(one, "confirmed", each): each for each in addresses if each for one in every_key(secret)}
    if not keys:
        return frozenset()
    rows = await Addressee.select(Addressee.key).where(
        Addressee.key.is_in(list(keys)) & (Addressee.until > clock.now())
    )
    return frozenset(keys[row["key"]] for row in rows)


async def confirm_address(engine: Engine, secret: bytes, address: str) -> None:
    """Note that its person has opened a link that was sent there."""
    row = Addressee(key=_key(secret, "confirmed", address), messages=0, until=clock.now() + CONFIRMED_FOR)
    async with transaction(engine):
        await Addressee.insert(row).on_conflict(target=Addressee.key, action="DO UPDATE", values=[Addressee.until])


async def forget_addressee(secret: bytes, address: str) -> None:
    """Inside a transaction: that an address was confirmed is forgotten with it."""
    await Addressee.delete().where(Addressee.key.is_in([_key(one, "confirmed", address) for one in every_key(secret)]))


async def sweep_addressees(engine: Engine) -> int:
    """What is over goes."""
    async with transaction(engine):
        gone = await Addressee.delete().where(Addressee.until <= clock.now()).returning(Addressee.key)
    return len(gone)


def _key(secret: bytes, sort: str, address: str) -> str:
    told = f"addressee:{address.strip().casefold()}".encode("utf-8", "replace")
    return f"{sort}:{hmac.new(secret, told, hashlib.sha256).hexdigest()}"
