"""Traces begin with the process, where the settings name a collector; else nothing is imported, and nothing costs."""

from collections.abc import Iterator

from parvis.composition import Startup
from parvis_traces.settings import settings_of


def given(startup: Startup) -> Iterator[object]:
    """Nothing for the core: from now on this module records what the process does."""
    settings = settings_of(startup.plugins)
    if settings.endpoint:
        from parvis_traces.telling import begin  # takes a fifth of a second

        begin(settings)
    yield from ()
