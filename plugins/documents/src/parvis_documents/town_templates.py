"""Templates of a town's own, which replace those of request types on its documents."""

import re
from collections.abc import Mapping

from parvis.jurisdictions.reading import Table
from parvis.jurisdictions.town_files import Surroundings, TownFile
from parvis_sdk.documents import source_mistakes

NAMES = re.compile(r"([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*)\.typ")
Templates = Mapping[str, str]
"""Typst texts by `<request type>.<document>`."""


def read_templates(table: Table, around: Surroundings) -> Templates:
    """`documents/<type>.<document>.typ`, checked as those of plugins are."""
    templates: dict[str, str] = {}
    for file, text in table.values.items():
        path, named = table.file / file, NAMES.fullmatch(file)
        if named is None:
            table.findings.add(path, "", "names no document", "name it <request type>.<document>.typ")
            continue
        for mistake in source_mistakes(text, ""):
            table.findings.add(path, "", mistake.what, mistake.now_what)
        templates[f"{named[1]}.{named[2]}"] = text
    return templates


NO_TEMPLATES: Templates = {}
TEMPLATES: TownFile[Templates] = TownFile(name="documents/*.typ", read=read_templates, usual=NO_TEMPLATES)
TOWN_FILES = (TEMPLATES,)
