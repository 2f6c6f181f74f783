"""Numbers whose person wants no text messages: nothing is sent there, whatever request it would be about."""

from collections.abc import Collection
from datetime import datetime

from parvis import clock
from parvis.composition import Startup
from parvis.requests.contacts import StoppedNumbers
from parvis_text_messages.settings import Settings, settings_of
from parvis_text_messages.tables import StoppedNumber


async def stopped_among(numbers: Collection[str]) -> frozenset[str]:
    """Those of these numbers that want no text messages; one statement."""
    if not numbers:
        return frozenset()
    rows = await StoppedNumber.select(StoppedNumber.number).where(StoppedNumber.number.is_in(list(numbers)))
    return frozenset(row["number"] for row in rows)


async def may_help(number: str, since: datetime) -> bool:
    """Inside a transaction: whether HELP was not answered there since; from now on it was."""
    quiet = (StoppedNumber.helped_at.is_null()) | (StoppedNumber.helped_at <= since)
    noted = StoppedNumber.update({StoppedNumber.helped_at: clock.now()}).where((StoppedNumber.number == number) & quiet)
    return bool(await noted.returning(StoppedNumber.number))


async def stop(number: str) -> None:
    """Inside a transaction: nothing goes to this number from now on."""
    row = StoppedNumber(number=number, at=clock.now())
    await StoppedNumber.insert(row).on_conflict(target=StoppedNumber.number, action="DO NOTHING")


async def start(number: str) -> bool:
    """Inside a transaction: messages go there again; whether they had been stopped."""
    return bool(await StoppedNumber.delete().where(StoppedNumber.number == number).returning(StoppedNumber.number))


def given(startup: Startup) -> tuple[StoppedNumbers | Settings, ...]:
    """Obeyed in every town, whether it takes text messages in or not: it was said to the number that all write from."""
    return (StoppedNumbers(among=stopped_among), settings_of(startup.plugins))
