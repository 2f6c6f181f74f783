"""What a town puts on its documents: its logo, and templates of its own that replace those of request types."""

import re
from pathlib import Path

import msgspec

from parvis.territory.reading import Findings
from parvis_sdk.documents import source_slips

NAMES = re.compile(r"([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*)\.typ")
LOGOS = ("logo.svg", "logo.png")
MOST = 500_000  # bytes


class Papers(msgspec.Struct, frozen=True, kw_only=True):
    """The folder `documents` of a town; `templates` are Typst texts by `<request type>.<document>`."""

    templates: dict[str, str] = {}
    logo: bytes = b""
    logo_name: str = ""

    def template(self, type: str, document: str) -> str:
        """The town's own template of a document; empty where it has none."""
        return self.templates.get(f"{type}.{document}", "")


def read_papers(findings: Findings, folder: Path) -> Papers:
    """`documents/<type>.<document>.typ` and `documents/logo.svg` or `.png`, checked as those of plugins are."""
    templates: dict[str, str] = {}
    for path in sorted(folder.glob("*.typ")):
        named, text = NAMES.fullmatch(path.name), findings.text_of(path)
        if named is None:
            findings.add(path, "", "names no document", "name it <request type>.<document>.typ")
        elif text is not None:
            for slip in source_slips(text, ""):
                findings.add(path, "", slip.what, slip.now_what)
            templates[f"{named[1]}.{named[2]}"] = text
    logo = next((folder / name for name in LOGOS if (folder / name).is_file()), None)
    if logo is None:
        return Papers(templates=templates)
    content = logo.read_bytes()
    if len(content) > MOST:
        findings.add(logo, "", f"is larger than {MOST // 1000} kB", "save a smaller one")
    return Papers(templates=templates, logo=content, logo_name=logo.name)
