"""The keys that the settings name, opened as a process starts."""

from collections.abc import Iterator

from parvis.composition import Startup
from parvis.settings import Mistake
from parvis_seals.seals import Seals, TownSeals


def given(startup: Startup) -> Iterator[object]:
    """The keys of the towns, if the settings name any; each town served here must then have its own."""
    named = startup.settings.signing
    if named.keys is None:
        yield TownSeals()
        return
    seals = Seals(named.keys, named.passphrase.encode() or None)
    todo = "put <town>.p12 or <town>.pem there, or correct the passphrase"
    origin = startup.settings.origins.get("signing.keys", "settings")
    for why in seals.missing(startup.towns).values():
        yield Mistake(file=origin, key="signing.keys", what=why, todo=todo)
    yield TownSeals(seals)
