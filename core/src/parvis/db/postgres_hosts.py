"""The way to PostgreSQL: to one server, to the one of several that takes writes, or through a pooler before it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

import asyncpg
from asyncpg import exceptions as pg
from msgspec import Struct

CONNECT_SECONDS = 5
STATEMENT_SECONDS = 30
IDLE_IN_UNIT_SECONDS = 60
LEADING_COSTS = "1.1"
"""What a page read by an index costs beside one read in turn, as disks are today. With PostgreSQL's own 4, of disks
that turn, a plan made while a table is small reads the whole of it, and is kept while a storm makes it large."""

SESSION_SETTINGS = {
    "statement_timeout": str(STATEMENT_SECONDS * 1000),
    "idle_in_transaction_session_timeout": str(IDLE_IN_UNIT_SECONDS * 1000),
    "random_page_cost": LEADING_COSTS,
}
ITS_OWN = {"statement_timeout": "0", "idle_in_transaction_session_timeout": "0", "random_page_cost": "4"}
"""What a server does that was told nothing."""

# The last is raised on a connection that the server is taking away at this very moment.
FAILURES = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, asyncpg.InternalClientError)
NOT_TAKEN = "unsupported startup parameter"  # PgBouncer's words


def each_host(url: str) -> tuple[str, ...]:
    """An address for each host that an address names, as `postgresql://parvis@one,two:5433/town` does."""
    parts = urlsplit(url)
    people, at, places = parts.netloc.rpartition("@")
    if "," not in places:
        return (url,)
    return tuple(urlunsplit(parts._replace(netloc=f"{people}{at}{place}")) for place in places.split(","))


def place_of(url: str) -> str:
    """Hosts, ports and name of a database, without who opens it."""
    parts = urlsplit(url)
    places = [each if ":" in each else f"{each}:5432" for each in parts.netloc.rpartition("@")[2].split(",")]
    return ",".join(places).removeprefix(":") + parts.path


class ServerHosts:
    """The hosts of one address; the one that answered last is asked first."""

    def __init__(self, url: str, *, writes: bool = True) -> None:
        self.hosts = list(each_host(url))
        # Of several, one is the primary, and which it is may change at any moment.
        says = "target_session_attrs" in parse_qs(urlsplit(url).query)
        self.wanted = {"target_session_attrs": "read-write"} if len(self.hosts) > 1 and writes and not says else {}

    async def connect(self, *_: Any, timeout: float = CONNECT_SECONDS, **given: Any) -> Any:  # noqa: ASYNC109
        """A connection to the first that will do. One that is silent leaves the others their share of the time."""
        share, failed = timeout / len(self.hosts), OSError("no host is named")
        for host in tuple(self.hosts):
            try:
                connection = await asyncpg.connect(host, timeout=share, **self.wanted, **given)
            except FAILURES as error:
                # What is silent may be the primary, whatever others are: all but an answer says less.
                if not isinstance(failed, TimeoutError) or isinstance(error, asyncpg.PostgresError):
                    failed = error
                continue
            self.hosts.sort(key=host.__ne__)
            return connection
        raise failed


class WrongWay(Struct, frozen=True, kw_only=True):
    """A setting by which the database is not reached as it has to be, what is wrong, and what to do."""

    key: str
    what: str
    todo: str


NAME_IT = "name the server itself as database_direct, see “Behind a pooler” in docs/production.md"
PREPARED = "set max_prepared_statements, of PgBouncer 1.21 or later"
MEANT = "let both lead to the same database of the same server"
FOLLOW = "let it lead to the same database of a standby of that server; until then nothing is read there"
WHICH = "SELECT current_database() AS name, pg_postmaster_start_time() AS since"
COPIED = "current_database()::text AS name, (SELECT system_identifier FROM pg_control_system()) AS origin"
"""What a database and each physical copy of it have in common, and nothing else has."""

SAID = "SELECT name, setting FROM pg_settings WHERE name = ANY($1::text[])"


async def wrong_ways(url: str, direct: str) -> tuple[WrongWay, ...]:
    """What is wrong with the way to PostgreSQL; nothing is said of a server that cannot be reached now."""
    try:
        async with AsyncExitStack() as open_ones:
            return tuple([each async for each in _wrong_ways(open_ones, url, direct)])
    except FAILURES as error:
        is_pooler = NOT_TAKEN in str(error)
        return (WrongWay(key="database", what="leads to a pooler in transaction mode", todo=NAME_IT),) * is_pooler


async def _wrong_ways(open_ones: AsyncExitStack, url: str, direct: str) -> AsyncIterator[WrongWay]:
    asked: dict[str, Any] = {} if direct else {"server_settings": SESSION_SETTINGS}
    first = await _opened(open_ones, url, **asked)
    for each in await _lacking(first, url, direct):
        yield each
    if not direct:
        return
    past = await _opened(open_ones, direct)
    if tuple(await past.fetchrow(WHICH)) != tuple(await first.fetchrow(WHICH)):
        yield WrongWay(key="database_direct", what="is another database than `database`", todo=MEANT)
    second, third = [await _opened(open_ones, url) for _ in range(2)]
    if not await _keeps_statements(first, second, third):
        yield WrongWay(key="database", what="its pooler keeps no prepared statements", todo=PREPARED)


async def no_copy(url: str, replica: str) -> tuple[WrongWay, ...]:
    """What is wrong with the replica; nothing is said where one of the two cannot be reached now."""
    try:
        async with AsyncExitStack() as open_ones:
            first, second = await _opened(open_ones, url), await _opened(open_ones, replica, writes=False)
            whose = [tuple(await each.fetchrow(f"SELECT {COPIED}")) for each in (first, second)]
    except FAILURES:
        return ()
    other = WrongWay(key="database_replica", what="is no copy of `database`", todo=FOLLOW)
    return (other,) * (whose[0] != whose[1])


async def _opened(open_ones: AsyncExitStack, url: str, *, writes: bool = True, **given: Any) -> Any:
    connection = await ServerHosts(url, writes=writes).connect(**given)
    open_ones.callback(connection.terminate)
    return connection


async def _lacking(connection: Any, url: str, direct: str) -> list[WrongWay]:
    """The limits that sessions are to have and do not have."""
    said = dict(await connection.fetch(SAID, [*ITS_OWN]))
    missing = [name for name, own in ITS_OWN.items() if said.get(name) == own]
    if not missing:
        return []
    role = urlsplit(url).username or "parvis"
    words = " ".join(f"ALTER ROLE {role} SET {name} = {SESSION_SETTINGS[name]};" for name in missing)
    todo = f"as administrator of the server: {words}" if direct else NAME_IT
    return [WrongWay(key="database", what=f"its sessions have no {', '.join(missing)} of ours", todo=todo)]


async def _keeps_statements(first: Any, second: Any, third: Any) -> bool:
    """Whether a statement prepared on one connection of the server is there when another one is given."""
    try:
        async with first.transaction():
            await first.fetchval("SELECT 1")
            prepared = await second.prepare("SELECT 2")
            await prepared.fetchval()  # on another one, as that is taken
            await third.execute("BEGIN", timeout=CONNECT_SECONDS)  # and now both are
        await prepared.fetchval()
    except pg.InvalidSQLStatementNameError:
        return False
    return True
