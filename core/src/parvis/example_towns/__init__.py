"""Two invented towns on one installation: an example to copy, what the demo shows, and where tests take place."""

from pathlib import Path


def town_folder() -> Path:
    """The folder of both towns, to be given to `load_territory` or copied as a beginning."""
    return Path(__file__).parent / "town"
