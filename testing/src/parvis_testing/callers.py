"""Callers from many addresses, for tests of rate limits."""

from contextlib import asynccontextmanager

import httpx

from parvis.web.security import CSRF_FIELD, VISITOR_COOKIE, csrf_token
from parvis_testing.visitors import HOST

MOST = 29  # so that the thirtieth is one too many
A_NETWORK = [f"2001:db8:1:2:{number:x}::{number:x}" for number in range(1, MOST + 2)]


@asynccontextmanager
async def visitor_from(app, address):
    transport = httpx.ASGITransport(app=app, client=(address, 1), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=HOST, headers={"accept": "text/html"}) as http:
        yield http


async def knock(app, address, path, data, files=None, number=0):
    async with visitor_from(app, address) as http:
        if data is None:
            return (await http.get(path)).status_code
        http.cookies.set(VISITOR_COOKIE, address)
        token = csrf_token(app.state.deployment.settings.secret, address)
        sent = {name: (None, value.format(n=number).encode()) for name, value in {**data, CSRF_FIELD: token}.items()}
        return (await http.post(path, files=sent | (files or {}))).status_code


async def are_counted_by_network(asked):
    """`asked` calls from an address; the thirtieth call of one network is refused, those of other networks are not."""
    assert 429 not in [await asked(address) for address in A_NETWORK[:MOST]]
    assert await asked(A_NETWORK[MOST]) == 429
    assert await asked("2001:db8:1:3::1") != 429


async def are_two(asked):
    """Two IPv4 addresses, also as IPv6-mapped ones, with a limit of one attempt."""
    assert await asked("198.51.100.1") != 429
    assert await asked("198.51.100.2") != 429
    assert await asked("198.51.100.1") == 429
    assert await asked("::ffff:198.51.100.2") == 429
    assert await asked("::ffff:198.51.100.3") != 429
