"""The page of components, with believable content in both languages and every question there is, right and wrong."""

from datetime import timedelta
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException

from parvis import clock
from parvis.i18n import LANGUAGES, say
from parvis.web.components.samples import ANSWERS, QUESTIONS, WORDS
from parvis.web.pages import render
from parvis_sdk.problems import Problems, problem

PATHS = {language: f"/{language}/demo/composants" for language in LANGUAGES}
ASKED_IN_VAIN = Problems(
    found=(
        problem("required", "wrong_name", label=WORDS["name"]),
        problem("required", "wrong_size", label=WORDS["size"]),
    )
)


@get(list(PATHS.values()), name="components")
async def components_page(request: Request[Any, Any, Any]) -> Response[Any]:
    """What macros draw, each under its name."""
    if not request.app.state.host.settings.demo:
        raise NotFoundException
    now = clock.now()
    return render(
        request,
        "components/page.html",
        fields=QUESTIONS,
        answers=ANSWERS,
        problems=ASKED_IN_VAIN,
        word=lambda name: say(WORDS[name]),
        now=now,
        promised=now + timedelta(days=5),
        alternates=PATHS,
        keep=False,
    )
