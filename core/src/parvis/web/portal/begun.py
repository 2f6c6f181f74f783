"""What a page of a form says of its draft: how long it is kept, that one was begun, that the form has changed."""

import secrets
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from parvis.web.portal.device import ANOTHER, keeps_cookies
from parvis.web.portal.drafting import FormDraft
from parvis.web.portal.keeping import written_by
from parvis.web.portal.steps import Step
from parvis.web.portal.visit import Visit, apply_address


class DraftNotice(Struct, frozen=True, kw_only=True):
    """A draft that somebody comes back to, from elsewhere than its own pages."""

    at: datetime
    go_on: str
    another: str


def draft_values(work: FormDraft, step: Step, index: int) -> dict[str, Any]:
    """What the templates of the steps know of the draft, as `draft`."""
    return {
        "draft": {
            "token": work.token,
            "page": secrets.token_hex(6),
            "by": written_by(work, step),
            "kept_until": work.kept_until,
            "begun": begun(work) if index == 0 else None,
            "outgrown": work.outgrown,
            "is_without_cookies": bool(work.mark) and not keeps_cookies(work.here.request),
        }
    }


def begun(work: FormDraft) -> DraftNotice | None:
    """The draft behind the first page, when the person does not come to it from its other pages."""
    here: Visit = work.here
    if work.draft is None or here.request.method != "GET" or not has_words(work.raw) or comes_from_inside(work):
        return None
    another = apply_address(here.language, work.kind, **{ANOTHER: "1"})
    furthest = work.open_until()
    return DraftNotice(at=work.draft.updated_at, go_on=work.at(":review") if furthest else "", another=another)


def has_words(raw: dict[str, Any]) -> bool:
    return any(raw.get(name) for name in ("answers", "place", "requester"))


def comes_from_inside(work: FormDraft) -> bool:
    here: Visit = work.here
    path = urlsplit(here.request.headers.get("referer", "")).path
    return any(path.startswith(apply_address(language, work.kind)) for language in here.town.languages)
