"""What a connector keeps about requests is listed for its polls, some at a time."""

from parvis.db import transaction
from parvis.outbox import memory
from parvis_connectors import remembering
from parvis_connectors.polling import poll_if_due
from parvis_sdk.connectors import News


async def test_a_poll_is_lent_what_its_connector_keeps_under_a_key(make_town, connector, monkeypatch):
    listed = []

    async def changes(connection, cursor):
        listed.append(await connection.recall_each("filed", cursor))
        return News(cursor=next(reversed(listed[-1]), ""), more=len(listed) < 3)

    monkeypatch.setattr(remembering, "AT_ONCE", 2)
    town = make_town(connector(changes=changes))
    async with transaction(town.host.engine):
        for reference in ("C", "A", "B"):
            await memory.remember_all("orders", {"filed": reference.lower(), "other": 1}, reference=reference)
        await memory.remember_all("orders", {"filed": "of none"})
        await memory.remember_all("elsewhere", {"filed": "of others"}, reference="A")
    assert await poll_if_due(town.host, town.connector(), "w") == 0
    assert listed == [{"A": "a", "B": "b"}, {"C": "c"}, {}]
