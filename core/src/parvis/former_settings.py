"""Settings under a name that they had before: read as what they are called now, and told to operators."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

FORMER = "antivirus"
NOW, SCANNER = "clamav", "files.scanner"


def taken_over(former: Mapping[str, Any], values: dict[str, Any]) -> None:
    """Put `[antivirus]` where it belongs now: into the table of its plugin, which is chosen unless another one is."""
    plugins = values.get("plugins", {})
    values["plugins"] = plugins | {NOW: {**former, **plugins.get(NOW, {})}}
    if former.get("socket") or former.get("host"):
        values.setdefault(SCANNER, NOW)


def from_folder(key: str, value: Any, folder: Path) -> Any:
    """A value as it was read: paths are those seen from the folder of the file."""
    return str(folder / value) if key == "socket" and isinstance(value, str) and value else value


def still_named(origins: Mapping[str, str]) -> Iterator[tuple[str, str, str, str]]:
    """Each setting that has its former name: file, key, what it is called now, what to do."""
    for key, file in origins.items():
        name = key.removeprefix(f"{FORMER}.")
        if name != key:
            todo = f'rename it there, and choose the scanner: {SCANNER} = "{NOW}"; the old name goes with 0.3'
            yield file, key, f"is called plugins.{NOW}.{name} now", todo
