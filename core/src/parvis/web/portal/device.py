"""Which drafts this browser holds: their tokens in one cookie for each service, and what an address says of them."""

import re
from typing import Any

from litestar import Request
from litestar.datastructures import Cookie

from parvis.requests.drafting import KEPT_FOR, holder_of
from parvis.web.portal.visit import Visit
from parvis.web.security import sent_visitor

PREFIX = "parvis_draft_"
BETWEEN = "."
MOST_HELD = 5
TOKEN = re.compile(r"[A-Za-z0-9_-]{24,64}")
NUMBER, IN_ADDRESS, ANOTHER = "no", "brouillon", "autre"


def cookie_name(code: str) -> str:
    return f"{PREFIX}{code}"


def held_tokens(here: Visit, code: str) -> tuple[str, ...]:
    """The tokens of one service, the oldest first; what is no token is left out."""
    return tokens_in(here.request.cookies.get(cookie_name(code), ""))


def held_by_type(here: Visit) -> dict[str, tuple[str, ...]]:
    """The tokens of every service."""
    named = {name.removeprefix(PREFIX): value for name, value in here.request.cookies.items() if is_ours(name)}
    return {code: tokens for code, value in named.items() if (tokens := tokens_in(value))}


def is_ours(name: str) -> bool:
    return name.startswith(PREFIX)


def tokens_in(value: str) -> tuple[str, ...]:
    tokens = [one for one in value[:1000].split(BETWEEN) if TOKEN.fullmatch(one)]
    return tuple(dict.fromkeys(tokens))[:MOST_HELD]


def holding(here: Visit, code: str, tokens: tuple[str, ...]) -> Cookie:
    """The cookie that holds these drafts of a service, and no others."""
    kept = BETWEEN.join(tokens[-MOST_HELD:])
    return here.kept(cookie_name(code), kept, days=KEPT_FOR.days if kept else 0)


def number_of(token: str) -> str:
    """What an address may say of a draft: enough to know it among those of this browser, of no use to anybody else."""
    return holder_of(token)[:10]


def keeps_cookies(request: Request[Any, Any, Any]) -> bool:
    """Whether this browser sends back what we asked it to keep."""
    return bool(sent_visitor(request))
