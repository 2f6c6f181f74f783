"""Writes the vocabulary of the code: each name from the data file with its French and English, then every table."""

import importlib
import inspect
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from happenings import table
from piccolo.table import Table

from parvis.db.every_table import TABLES
from parvis.plugins.module_discovery import find_modules

DATA = Path(__file__).parents[1] / "vocabulary.toml"
GLOSSARY = Path(__file__).parents[1] / "glossary.toml"


def vocabulary() -> str:
    """What the names in the code mean, what people read for them, and which rows each table holds."""
    with DATA.open("rb") as names, GLOSSARY.open("rb") as terms:
        told = tomllib.load(terms)
        rows = [_row(name, told) for name in tomllib.load(names)["name"]]
        head = ("name", "what it is", "français", "English", "table, API")
        lines = ["# Vocabulary of the code", "", TOLD, "", table(head, rows)]
    tables = ((f"`{name}`", owner, f"`{kind.__name__}`", meaning) for name, owner, kind, meaning in every_table())
    return "\n".join((*lines, "", "## Tables", "", table(("table", "of", "class", "what its rows are"), tables)))


TOLD = (
    "The same noun stands in code, tables, API and pages wherever it can. This page says what each name means, what "
    "people read for it (the [glossary](glossary.md) explains those terms), and what older decisions call it. "
    "Tables keep the name under which towns already have them."
)


def _row(name: dict[str, Any], terms: dict[str, Any]) -> tuple[str, ...]:
    module, _, noun = name["code"].partition(":")
    term = terms.get(name.get("term", ""))
    stored = ", ".join(f"`{name[where]}`" for where in ("table", "api") if where in name)
    french, english = (f'<span lang="fr">{term["fr"]["term"]}</span>', term["en"]["term"]) if term else ("", "")
    formerly = ", ".join(f"`{each}`" for each in name.get("formerly", ()))
    told = f"{name['meaning']} In `{module}`{f'; formerly {formerly}' if formerly else ''}."
    return (f"`{noun}`", told, french, english, stored)


def every_table() -> Iterator[tuple[str, str, type[Table], str]]:
    """Each table by its name, with its owner, its class, and the first sentence about it."""
    for each in TABLES:
        yield each._meta.tablename, "core", each, _said(each)
    for found in find_modules().modules:
        if found.module.tables:
            for each in importlib.import_module(found.module.tables).TABLES:
                yield each._meta.tablename, found.module.name, each, _said(each)


def _said(kind: type[Table]) -> str:
    """What its docstring says of a table, without the package that owns it."""
    words = inspect.cleandoc(kind.__doc__ or "").partition("\n\n")[0].replace("\n", " ")
    owner, colon, meaning = words.partition(": ")
    said = meaning if colon and owner.replace(" ", "").replace(",", "").replace("_", "").isalpha() else words
    return (said[:1].upper() + said[1:]).replace("|", "\\|")
