"""The weathers of a rehearsal: how another system answers or fails, and the allowed results of a delivery."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

from msgspec import Struct

Became = Literal["done", "later", "refused", "broken", "hung"]
Wire = Literal["answer", "refused", "silent", "reset", "cut", "endless", "slow", "stranger", "somebody_else"]

AGAIN: tuple[Became, ...] = ("later",)
NOT_DONE: tuple[Became, ...] = ("later", "refused")
ANY: tuple[Became, ...] = ("done", "later", "refused")


class Weather(Struct, frozen=True, kw_only=True):
    """One weather: its description, what happens on the connection, and the answer if there is one.

    `may` is what may become of a delivery that was sent into it, and `wait` what must be waited at least.
    """

    code: str
    what: str
    wire: Wire = "answer"
    status: int = 200
    headers: Mapping[str, str] = {}
    body: bytes = b""
    may: tuple[Became, ...] = ANY
    wait: timedelta | None = None


PAGE = b"<!doctype html><title>Error</title><h1>Server Error in '/' Application.</h1>"
HTML = {"content-type": "text/html; charset=utf-8"}
JSON = {"content-type": "application/json"}
WORDS = b'{"error": {"code": "invalid", "message": "The field Priority does not take the value 9."}}'
INSIDE = b'{"error": {"code": 500, "message": "Unable to complete operation.", "details": []}}'
SLOW = b" " * 2_000
CUT = b'{"value": [{"id": "1", "number": "WO-1", "na'

WEATHERS: tuple[Weather, ...] = (
    Weather(code="refused", what="the connection is refused", wire="refused", may=AGAIN),
    Weather(code="silent", what="it takes the call and never answers", wire="silent", may=AGAIN),
    Weather(code="slow", what="it answers a byte at a time", wire="slow", headers=JSON, body=SLOW, may=AGAIN),
    Weather(code="reset", what="the connection is reset in the middle", wire="reset", may=AGAIN),
    Weather(code="cut", what="its answer ends before its end", wire="cut", headers=JSON, body=CUT, may=AGAIN),
    Weather(code="endless", what="its answer has no end", wire="endless", may=NOT_DONE),
    Weather(code="stranger", what="it shows the certificate of somebody else", wire="stranger", may=NOT_DONE),
    Weather(code="redirect", what="it sends us elsewhere (302)", status=302, may=NOT_DONE,
            headers={"location": "https://elsewhere.example/sign-in"}),
    Weather(code="400", what="it refuses with a reason (400)", status=400, headers=JSON, body=WORDS, may=NOT_DONE),
    Weather(code="401", what="it does not know us (401)", status=401, may=NOT_DONE,
            headers={"www-authenticate": "Bearer"}),
    Weather(code="403", what="it does not let us (403)", status=403, headers=HTML, body=PAGE, may=NOT_DONE),
    Weather(code="404", what="it does not have that (404)", status=404, headers=HTML, body=PAGE),
    Weather(code="429", what="we are too many (429, wait 120 s)", status=429, headers={"retry-after": "120"},
            may=AGAIN, wait=timedelta(seconds=120)),
    Weather(code="500", what="it breaks (500, a page of HTML)", status=500, headers=HTML, body=PAGE, may=NOT_DONE),
    Weather(code="503", what="it is being repaired (503)", status=503, headers=HTML, body=PAGE, may=AGAIN),
    Weather(code="rubbish", what="it answers rubbish (200)", headers=JSON, body=b"\x00\xff\x1b<rubbish>"),
    Weather(code="html", what="it answers a page of HTML (200)", headers=HTML, body=PAGE),
    Weather(code="error_inside", what="it answers an error (200)", headers=JSON, body=INSIDE),
    Weather(code="nothing", what="it answers nothing (200)"),
    Weather(code="bare", what="it answers an empty object (200)", headers=JSON, body=b"{}"),
    Weather(code="other_shape", what="it answers JSON of another shape (200)", headers=JSON, body=b"[null]"),
    Weather(code="cut_json", what="its JSON stops in the middle (200)", headers=JSON, body=CUT),
    Weather(code="somebody_else", what="it answers about somebody else (200)", wire="somebody_else", headers=JSON),
)  # fmt: skip
