"""The demo town: two towns on one installation, with accounts and several months of requests."""

from pathlib import Path


def town_folder() -> Path:
    """The folder of the demo territory, to be given to `load_territory` or copied as a beginning."""
    return Path(__file__).parent / "town"
