"""Signing in and out, and the guard that stands before the desk and the operators' pages."""

from typing import Any

from parvis.one_app import RouterOfOneApp
from parvis.web.places import handlers_in
from parvis.web.security import protect_forms
from parvis.web.sign_in.identity_providers import left_there


def routes() -> list[Any]:
    """The pages that anyone may open, to come in or go out; a provider that tells of a sign-out has no form of ours."""
    return [
        RouterOfOneApp("/", route_handlers=handlers_in(__name__, but=(left_there,)), before_request=protect_forms),
        left_there,
    ]
