"""Who was let in by the guard, as the rooms behind it ask."""

from parvis.people.agents import Person
from parvis.requests.visibility import Viewer
from parvis.web.pages import AnyRequest


def person_at(request: AnyRequest) -> Person:
    """Who is signed in, once the guard has let them in."""
    person: Person = request.state.person
    return person


def viewer_at(request: AnyRequest) -> Viewer:
    """The same as requests know them."""
    viewer: Viewer = request.state.viewer
    return viewer
