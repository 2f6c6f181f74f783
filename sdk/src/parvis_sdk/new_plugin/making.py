"""Makes the files of a new plugin from those kept here, each a whole file with markers where a name belongs."""

import json
import re
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from parvis_sdk.new_plugin.described import Kind, NewPlugin

FILES = Path(__file__).parent / "files"
SHELVES: dict[Kind, tuple[str, ...]] = {
    "type": ("every", "service", "type"),
    "handler": ("every", "service", "handler"),
    "connector": ("every", "connector"),
    "channel": ("every", "channel"),
}
KEPT = ".txt"  # kept so that no tool takes them for files of the sdk
MARKER = re.compile(r"\{\{('?)(\w+)\1\}\}")


def make(new: NewPlugin) -> tuple[Path, ...]:
    """Write every file of the plugin into its folder; which ones."""
    made = []
    for name, text in sorted(files_of(new).items()):
        path = new.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        made.append(path)
    return tuple(made)


def files_of(new: NewPlugin) -> dict[str, str]:
    """The text of every file, by its place in the folder."""
    words = new.words()
    files = {}
    for shelf in SHELVES[new.kind]:
        for path in sorted((FILES / shelf).rglob(f"*{KEPT}")):
            place = path.relative_to(FILES / shelf).as_posix().removesuffix(KEPT)
            files[place.replace("src/package", f"src/{words['package']}")] = filled(path.read_text("utf-8"), words)
    return files


def filled(text: str, words: dict[str, str]) -> str:
    """A kept file with the names of this plugin: `{{name}}` as it is, `{{'title_fr'}}` as a quoted string."""

    def word(marker: re.Match[str]) -> str:
        said = words[marker[2]]
        return json.dumps(said, ensure_ascii=False) if marker[1] else said

    return "".join(imports_in_order(MARKER.sub(word, text).splitlines(keepends=True)))


def imports_in_order(lines: Iterable[str]) -> Iterable[str]:
    """The lines, with imports that stand together in the order of their modules, whatever the plugin is called."""
    for is_import, block in groupby(lines, key=lambda line: line.startswith("from ")):
        together = list(block)
        yield from sorted(together, key=lambda line: line.split()[1]) if is_import else together
