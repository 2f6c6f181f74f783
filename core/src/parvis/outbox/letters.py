"""The mailbox of a demonstration: messages kept here instead of being given to a mail server."""

import base64
import zlib
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct, structs

from parvis.db import insert_values, transaction
from parvis.db.tables import Letter as LetterRow

PACKED = "z1:"  # before what is packed by this frame; a new frame takes another mark, and both are read
FRAME = """<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title></title>
</head>
<body style="margin:0;background:#f4f5f7;color:#1b1f24;\
font:17px/1.5 system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif">
<div style="max-width:600px;margin:0 auto;padding:24px 16px">
<p style="margin:0 0 16px;font-weight:700"></p>
<main style="background:#ffffff;border:1px solid #d5d9df;border-radius:8px;padding:24px">
<h1 style="margin:0 0 16px;font-size:21px;line-height:1.3"></h1>
<p style="margin:0 0 16px"></p>
<p style="margin:0 0 16px"><a href="http" style="color:#1d4f91"></a></p>
<table style="border-collapse:collapse;margin:0 0 24px;font-size:16px">
<tr><th scope="row" style="text-align:left;vertical-align:top;font-weight:400;color:#4a5260;padding:4px 16px 4px 0">\
</th><td style="vertical-align:top;padding:4px 0"></td></tr>
</table>
<p style="margin:0"><a href="http" style="display:inline-block;background:#1d4f91;color:#ffffff;\
text-decoration:none;font-weight:700;padding:12px 20px;border-radius:6px"></a></p>
</main>
<p style="margin:16px 0 0;font-size:14px;color:#4a5260"> · <a href="http" style="color:#4a5260">http</a></p>
<p style="margin:8px 0 0;font-size:14px;color:#4a5260"> <a href="http" style="color:#4a5260"></a></p>
</div>
</body>
</html>
"""
"""What nearly every message looks like: with it and its plain text, a page of one takes a tenth of its room."""


class Letter(Struct, frozen=True, kw_only=True):
    """One message as its receiver would have it."""

    id: str
    channel: str
    to: str
    subject: str
    text: str
    html: str
    headers: dict[str, str]
    language: str
    reference: str
    at: datetime


async def keep(letter: Letter) -> None:
    """Put a letter in the mailbox; the same id again changes nothing."""
    engine: Any = LetterRow._meta.db
    async with transaction(engine):
        await LetterRow.insert(LetterRow(**_row(letter))).on_conflict(target=LetterRow.id, action="DO NOTHING")


async def keep_new(*some: Letter) -> None:
    """Put letters in the mailbox of which none is there yet: all of them, or none."""
    engine: Any = LetterRow._meta.db
    async with transaction(engine):
        await insert_values(LetterRow, *map(_row, some))


async def letters(*, to: str = "", reference: str = "", limit: int = 100) -> tuple[Letter, ...]:
    """What went out, newest first."""
    query = LetterRow.select().order_by(LetterRow.at, ascending=False).order_by(LetterRow.id, ascending=False)
    if to:
        query = query.where(LetterRow.to == to)
    if reference:
        query = query.where(LetterRow.reference == reference)
    return tuple(_letter(row) for row in await query.limit(limit))


async def letter(id: str) -> Letter | None:
    """One letter."""
    rows = await LetterRow.select().where(LetterRow.id == id)
    return _letter(rows[0]) if rows else None


async def forget_request(reference: str) -> None:
    """Inside the transaction of an erasure: the letters of this request are gone."""
    await LetterRow.delete().where((LetterRow.reference == reference) & (LetterRow.reference != ""))


async def forget_address(to: str) -> None:
    """Inside a transaction: the letters to this address are gone."""
    await LetterRow.raw('DELETE FROM letter WHERE lower("to") = {}', to.lower())


def _row(letter: Letter) -> dict[str, Any]:
    headers = msgspec.json.encode(letter.headers).decode()
    return {**structs.asdict(letter), "headers": headers, "html": _packed(letter.html, letter.text)}


def _letter(row: dict[str, object]) -> Letter:
    headers = msgspec.json.decode(str(row["headers"]), type=dict[str, str])
    html = _unpacked(str(row["html"]), str(row["text"]))
    return msgspec.convert({**row, "headers": headers, "html": html}, Letter)


def _packed(html: str, text: str) -> str:
    if not html:
        return ""
    packer = zlib.compressobj(1, wbits=-zlib.MAX_WBITS, zdict=_known(text))
    return PACKED + base64.b85encode(packer.compress(html.encode()) + packer.flush()).decode()


def _unpacked(kept: str, text: str) -> str:
    """Its page; older letters are stored uncompressed."""
    if not kept.startswith(PACKED):
        return kept
    unpacker = zlib.decompressobj(wbits=-zlib.MAX_WBITS, zdict=_known(text))
    return unpacker.decompress(base64.b85decode(kept.removeprefix(PACKED))).decode()


def _known(text: str) -> bytes:
    """Before a page is read: what it has of the frame and of its own text; the last is found nearest."""
    return (FRAME + text).encode()
