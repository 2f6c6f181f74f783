"""The hooks of `clamav`."""

from collections.abc import Sequence

from parvis_clamav.scanner import ClamAV
from parvis_clamav.settings import Settings
from parvis_sdk.hooks import hookimpl
from parvis_sdk.virus_scanners import VirusScanner


@hookimpl
def settings() -> type[Settings]:
    return Settings


@hookimpl
def virus_scanners(settings: Settings) -> Sequence[VirusScanner]:
    return [ClamAV(settings)] if settings.address else []
