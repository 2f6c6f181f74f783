"""The mailbox of a demonstration: what went out, as its receivers would read it; the HTML shut in a sandbox."""

import re
from typing import Any

from litestar import Request, Response, get
from litestar.enums import MediaType
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery

from parvis.composition import Deployment
from parvis.outbox import letters
from parvis.outbox.letters import Letter
from parvis.web.pages import render
from parvis.web.sign_in.guard import ALSO_OFF

AnyRequest = Request[Any, Any, Any]
ADDRESS = "/demo/courriels"
SHOWN = 100
LINK = re.compile(r"https?://[^\s<>\"]+")
FLAGS = "allow-popups allow-popups-to-escape-sandbox"
SHUT_IN = {
    "content-security-policy": (
        f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox {FLAGS}"
    ),
    "x-frame-options": "SAMEORIGIN",
    "cache-control": "private, no-store",
}


@get(ADDRESS, opt={ALSO_OFF: True})
async def letters_page(request: AnyRequest, a: FromQuery[str] = "", q: FromQuery[str] = "") -> Response[Any]:
    """What went out, newest first; `a` is a receiver, `q` a reference."""
    _only_in_a_demonstration(request)
    found = await letters.letters(to=a.strip()[:254], reference=q.strip().upper()[:12], limit=SHOWN)
    return render(request, "demo/letters.html", letters=found, to=a, reference=q, most=SHOWN, keep=False)


@get(f"{ADDRESS}/{{id:str}}", opt={ALSO_OFF: True})
async def letter_page(request: AnyRequest, id: FromPath[str]) -> Response[Any]:
    """One letter: its headers, its HTML in a frame, its text, its links."""
    letter = await _letter(request, id)
    links = tuple(dict.fromkeys(LINK.findall(letter.text)))
    return render(request, "demo/letter.html", letter=letter, links=links, flags=FLAGS, keep=False)


@get(f"{ADDRESS}/{{id:str}}/html", opt={ALSO_OFF: True})
async def the_letter_itself(request: AnyRequest, id: FromPath[str]) -> Response[str]:
    """The letter's HTML, without scripts, forms or anything from elsewhere; its links open beside it."""
    letter = await _letter(request, id)
    html = letter.html.replace("<head>", '<head>\n<base target="_blank">', 1)
    return Response(html, media_type=MediaType.HTML, headers=SHUT_IN)


async def _letter(request: AnyRequest, id: str) -> Letter:
    _only_in_a_demonstration(request)
    letter = await letters.letter(id)
    if letter is None:
        raise NotFoundException
    return letter


def _only_in_a_demonstration(request: AnyRequest) -> None:
    deployment: Deployment = request.app.state.deployment
    if not deployment.settings.demo:
        raise NotFoundException
