"""What the core is told at the start: in towns that have this module, declarations keep requests from people."""

from collections.abc import Iterator

from parvis.composition import Startup
from parvis.requests.exclusions import ExclusionSource
from parvis_interests.obeying import NAME, excluded
from parvis_sdk.text import Text

DECLARED = Text(
    fr="Cette personne a déclaré ce conflit d’avance. Elle peut y mettre fin à la page des conflits d’intérêts.",
    en="This person declared this conflict in advance. They can end it on the conflicts of interest page.",
)


def given(startup: Startup) -> Iterator[object]:
    """Who has declared to have to do with a request."""
    yield ExclusionSource(module=NAME, excluded=excluded, refusal=DECLARED)
