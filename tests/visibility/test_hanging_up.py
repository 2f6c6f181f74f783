"""A client that disconnects in the middle of a form causes no error on either side."""

import asyncio
from collections import Counter

import pytest

from .test_head import listening

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("path", ["/api/v1/requests", "/fr/demande/voirie/nid-de-poule", "/connexion"])
@pytest.mark.parametrize(
    "kind", ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
async def test_a_client_that_hangs_up_in_the_middle_is_counted_as_gone_and_not_as_our_mistake(desk, path, kind):
    """Every lost connection of a telephone would otherwise wake the operator at night."""
    before = counted(desk)
    async with listening(desk) as (server, port):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:8000\r\nContent-Type: {kind}\r\nContent-Length: 5000\r\n\r\n"
        writer.write(head.encode() + b"{")
        await writer.drain()
        await asyncio.sleep(0.2)
        writer.close()
        async with asyncio.timeout(30):
            while server.server_state.tasks or counted(desk) == before:
                await asyncio.sleep(0.05)
    assert not [status for status in counted(desk) - before if status.startswith("5")]


def counted(desk) -> Counter[str]:
    """How often each status was answered since the application was made, which many tests have in common."""
    found: Counter[str] = Counter()
    sent = (
        each
        for family in desk.app.state.counters["prometheus"].registry.collect()
        for each in family.samples
        if each.name == "parvis_http_requests_total" and each.labels["method"] == "POST"
    )
    for each in sent:
        found[each.labels["status"]] += int(each.value)
    return found
