"""How the site reads what was written for whoever looks at the files: links, code in docstrings, reach."""

import re
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Any

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^()\s#]+)(#[^()\s]*)?\)")
FENCED = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)
ELSEWHERE = ("http:", "https:", "mailto:")
TRAILING = re.compile(r"(\w)_(?!\w)")
DECISIONS = "docs/adr"
IN_FRENCH = ("docs/fr/", "docs/reference/glossaire")


def links_that_lead(application: Any, page: str, source: list[str]) -> None:
    """A link to a folder leads to its page, and one to a file that is no page becomes its words alone."""
    pages, here = application.env.found_docs, PurePosixPath(page).parent

    def link(found: re.Match[str]) -> str:
        words, target, part = found[1], found[2], found[3] or ""
        there = normpath(str(here / target))
        if target.startswith(ELSEWHERE) or (ROOT / there).suffix in (".png", ".svg", ".jpg"):
            return found[0]
        there = "docs/reference/decisions" if there == DECISIONS else there.removesuffix(".md")
        leads = next((each for each in (there, f"{there}/README") if each in pages), None)
        return f"[{words}](/{leads}.md{part})" if leads else words

    parts = FENCED.split(source[0])
    source[0] = "".join(each if each.startswith("```") else LINK.sub(link, each) for each in parts)


def code_as_code(_: Any, kind: str, name: str, value: Any, options: Any, lines: list[str]) -> None:
    """What is set in by four spaces after an empty line is code, as in Markdown, and no quotation."""
    read, before, in_code = list(lines), "", False
    lines.clear()
    for line in read:
        set_in = line.startswith("    ")
        if set_in and not before.strip() and not in_code and not line.lstrip().startswith(">>>"):
            lines.extend(("::", ""))
        in_code = set_in or (in_code and not line)
        before = line
        lines.append(line if in_code else TRAILING.sub(r"\1\\_", line))


def within_reach(_: Any, page: str, template: str, context: dict[str, Any], tree: Any) -> None:
    """What scrolls is reached by the keyboard, a heading in the menu says how deep it stands, French is marked."""
    if "furo_navigation_tree" in context:
        menu = context["furo_navigation_tree"]
        context["furo_navigation_tree"] = menu.replace('role="heading"', 'role="heading" aria-level="2"')
    if "body" in context:
        scrolls = context["body"].replace("<pre>", '<pre tabindex="0">')
        body = scrolls.replace('<div class="table-wrapper', '<div tabindex="0" class="table-wrapper')
        context["body"] = f'<div lang="fr">{body}</div>' if page.startswith(IN_FRENCH) else body
