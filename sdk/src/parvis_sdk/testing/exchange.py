"""A scripted other system: what it will answer to which call, and what it was really asked."""

from collections.abc import Mapping
from typing import Any

import httpx
from msgspec import Struct


class Line(Struct, kw_only=True):
    """One line of the script: a call that is expected, and its answer."""

    method: str
    path: str
    response: httpx.Response | None
    error: Exception | None
    times: int
    played: int = 0


class Exchange(httpx.AsyncBaseTransport):
    """Stands in for the network in a test of a client; each line of the script is played once unless said otherwise.

    exchange.answer("POST", "/orders", status=201, json={"id": 7})
    async with exchange.client() as client: ...
    """

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self._lines: list[Line] = []

    def answer(
        self,
        method: str,
        path: str,
        *,
        status: int = 200,
        json: Any = None,
        text: str | None = None,
        headers: Mapping[str, str] | None = None,
        error: Exception | None = None,
        times: int = 1,
    ) -> None:
        """Expect a call to `path`, with or without its query, and answer it, or raise `error`."""
        content = {"text": text} if text is not None else {"json": json} if json is not None else {}
        response = None if error else httpx.Response(status, headers=headers, **content)
        self._lines.append(Line(method=method.upper(), path=path, response=response, error=error, times=times))

    def client(self, base_url: str = "https://other.example", **options: Any) -> httpx.AsyncClient:
        """A client that speaks to this exchange and to nothing else."""
        return httpx.AsyncClient(transport=self, base_url=base_url, **options)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.requests.append(request)
        asked = (request.url.path, request.url.raw_path.decode("ascii"))
        for line in self._lines:
            if line.played < line.times and line.method == request.method and line.path in asked:
                line.played += 1
                if line.error is not None:
                    raise line.error
                answer = line.response or httpx.Response(200)
                return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)
        left = ", ".join(self.unplayed()) or "nothing"
        raise AssertionError(f"{request.method} {asked[1]} was not expected; the script still expects {left}")

    def unplayed(self) -> tuple[str, ...]:
        """The calls that the script expects and that never came."""
        return tuple(f"{line.method} {line.path}" for line in self._lines if line.played < line.times)
