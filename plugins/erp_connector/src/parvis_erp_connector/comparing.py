"""What stands there, compared every day with what we know: news that no poll brought is taken in all the same."""

from datetime import time, timedelta

from msgspec import Struct

from parvis_sdk.chores import Chore, Daily, Done
from parvis_sdk.connectors import Connection, Listed
from parvis_sdk.text import Text
from parvis_sdk.towns import Town

TITLE = Text(fr="Comparaison avec l’ERP\u00a0: {name}", en="Comparison with the ERP: {name}")


class Comparison(Struct, frozen=True, kw_only=True):
    """The comparison of one connector, which lists what is there: of the last `days`, at an hour of the town."""

    connector: str
    listed: Listed
    at: time
    days: int
    towns: tuple[str, ...] = ()

    def chore(self) -> Chore:
        """The comparison as a chore; where towns share a system and are named, it is made once, for the first."""
        return Chore(
            code=f"compare_{self.connector}",
            title=TITLE.format(name=self.connector),
            turns=Daily(at=self.at),
            work=self.compare,
            towns=self.towns[:1],
            connector=self.connector,
            seconds=300.0,
        )

    async def compare(self, town: Town, connection: Connection) -> Done:
        """Everything of the period that is there, and the news of it that we lack."""
        theirs = await self.listed(connection, connection.now - timedelta(days=self.days), connection.now)
        missed = tuple(each.update for each in theirs if each.update is not None)
        return Done(count=len(theirs), updates=missed[:1000])
