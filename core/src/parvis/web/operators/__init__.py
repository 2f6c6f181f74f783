"""The pages of those who run the installation, and what machines ask it: how it is, and its measures."""

from collections.abc import Mapping
from typing import Any

from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from parvis.web.errors import refused_in
from parvis.web.operators import machines
from parvis.web.operators.context import AT_OPERATIONS, OperatorContext
from parvis.web.places import handlers_in
from parvis.web.routers import NO_PACKAGES, routers
from parvis.web.sign_in.guard import door


def routes(packages: Mapping[str, str] = NO_PACKAGES) -> list[Any]:
    """The pages stand behind the guard, with those that modules bring; what monitors ask stands before it."""
    before_it = handlers_in(machines.__name__)
    refusing: ExceptionHandlersMap = {HTTPException: refused_in(OperatorContext, "error.html")}
    own, let_in = handlers_in(__name__, but=before_it), door("operate", anywhere=True)
    return [*routers(own, packages, let_in, refusing=refusing, given=AT_OPERATIONS, anywhere=True), *before_it]
