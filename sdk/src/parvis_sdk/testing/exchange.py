"""A scripted other system: its answers by call, and the calls that it received."""

from collections.abc import Mapping
from typing import Any

import httpx
from msgspec import Struct


class Line(Struct, kw_only=True):
    """One line of the script: an expected call and its answer."""

    method: str
    path: str
    response: httpx.Response | None
    error: Exception | None
    times: int
    played: int = 0


class Exchange(httpx.AsyncBaseTransport):
    """Replaces the network in a test of a client; each line of the script is used once by default.

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
        """Expects a call to `path`, with or without its query, and answers it or raises `error`."""
        content = {"text": text} if text is not None else {"json": json} if json is not None else {}
        response = None if error else httpx.Response(status, headers=headers, **content)
        self._lines.append(Line(method=method.upper(), path=path, response=response, error=error, times=times))

    def client(self, base_url: str = "https://other.example", **options: Any) -> httpx.AsyncClient:
        """An HTTP client that reaches only this exchange."""
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
        """The expected calls that were never made."""
        return tuple(f"{line.method} {line.path}" for line in self._lines if line.played < line.times)
