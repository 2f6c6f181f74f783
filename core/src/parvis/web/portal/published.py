"""The figures of the town for everybody: what came, what was settled, how long it took, by type, and since when."""

from typing import Any

from litestar import Request, Response, get

from parvis.i18n import format_number, language, ngettext, say
from parvis.insights.published import LEAST, Told
from parvis.web.addresses import address, in_each, patterns
from parvis.web.pages import render
from parvis.web.portal.chosen import public_types
from parvis.web.portal.listing import figures_of
from parvis.web.portal.visit import visit

AnyRequest = Request[Any, Any, Any]


@get(patterns(":figures"), name="public-figures")
async def public_figures(request: AnyRequest) -> Response[Any]:
    here = visit(request)
    figures = await figures_of(here)
    titles = {kind.code: say(kind.title) for kind in public_types(here)}
    return render(
        request,
        "portal/figures.html",
        figures=figures,
        titles=titles,
        least=LEAST,
        days_words=days_words,
        bars=[(titles[told.code], round(told.mean, 1), format_number(told.mean, 1)) for told in shown(figures.by_type)],
        list_of=lambda code: address(here.language, ":list", type=code),
        list_address=address(here.language, ":list"),
        alternates=in_each(here.town.languages, ":figures"),
    )


def shown(by_type: tuple[Told, ...]) -> list[Any]:
    return [told for told in by_type if told.mean is not None]


def days_words(days: float) -> str:
    """Business days as people count them: one decimal under ten, whole ones above."""
    said = format_number(days, 1 if days < 10 else 0)
    is_one = days < 2 if language() == "fr" else round(days, 1) == 1
    return ngettext("%(days)s business day", "%(days)s business days", 1 if is_one else 2) % {"days": said}
