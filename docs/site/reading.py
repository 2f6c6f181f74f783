"""How the site renders guides and docstrings: links, languages, code, and what is left out."""

import re
import tomllib
from functools import cache
from html import escape
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^()\s#]+)(#[^()\s]*)?\)")
FENCED = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)
SIGNATURE = re.compile(r'<dl>\s*<dd><em class="sig-param">.*?</dl>', re.DOTALL)
AS_BLOCKS = re.compile(r"<(/?)d[ld]\b")  # a signature over several lines is no list of definitions
SHARE = re.compile(r' width="(\d+)%"')  # of a picture, as the host of the files takes it; a page wants pixels
ELSEWHERE = ("http:", "https:", "mailto:")
TRAILING = re.compile(r"(\w)_(?!\w)")
DECISIONS = "docs/adr"
IN_FRENCH = "docs/fr/"
IN_ENGLISH = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/**", "sdk/README.md", "plugins/*/README.md")
APART = ("docs/site", "docs/fr")
FIRST, FIRST_FRENCH = "docs/README", "docs/fr/README"
TRANSLATIONS = ROOT / "plugins/guides/src/parvis_guides/translations.toml"


def links_that_lead(application: Any, page: str, source: list[str]) -> None:
    """A link leads to its page, in this language or in the other; one to a file that is no page becomes its words."""
    pages, below = application.env.found_docs, _below(application)
    here = PurePosixPath(below, page).parent

    def link(found: re.Match[str]) -> str:
        words, target, part = found[1], found[2], found[3] or ""
        there = normpath(str(here / target))
        if target.startswith(ELSEWHERE) or (ROOT / there).suffix in (".png", ".svg", ".jpg"):
            return found[0]
        there = "docs/reference/decisions" if there == DECISIONS else there.removesuffix(".md")
        named = [each for each in (there, f"{there}/README") if (ROOT / f"{each}.md").is_file()]
        own = next((inside for each in named if (inside := each.removeprefix(below)) in pages), None)
        if own is not None:
            return f"[{words}](/{own}.md{part})"
        other = next((each for each in named if is_french(each) is not bool(below) and is_page(each)), None)
        return f'<a href="{across(page, below, other)}{part}">{words}</a>' if other else words

    parts = FENCED.split(source[0])
    source[0] = "".join(each if each.startswith("```") else LINK.sub(link, each) for each in parts)


def _below(application: Any) -> str:
    """What stands before the names of pages of this site: nothing, or the folder of the French ones."""
    below = Path(application.srcdir).resolve().relative_to(ROOT).as_posix()
    return "" if below == "." else f"{below}/"


def is_french(page: str) -> bool:
    return page.startswith(IN_FRENCH)


def is_page(page: str) -> bool:
    """Whether a file of the repository, without its ending, is a page of either site."""
    path = PurePosixPath(f"{page}.md")
    apart = any(path.is_relative_to(each) for each in APART if each != IN_FRENCH.rstrip("/"))
    return not apart and (page.startswith("docs/") or any(path.match(each) for each in IN_ENGLISH))


def across(page: str, below: str, other: str) -> str:
    """From a page of one site to a page of the other; the French site lies in the folder `fr` of the English one."""
    up = "../" * (page.count("/") + bool(below))
    return f"{up}{other if below else f'fr/{other.removeprefix(IN_FRENCH)}'}.html"


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


def within_reach(application: Any, page: str, template: str, context: dict[str, Any], tree: Any) -> None:
    """What scrolls is reached by the keyboard, a heading in the menu says how deep it stands, French is marked; each
    page leads to what says the same in the other language, or to its first page.
    """
    below = _below(application)
    other, name = ("en", "English") if below else ("fr", "Français")
    address = across(page, below, counterpart(f"{below}{page}", to_french=not below))
    if "furo_navigation_tree" in context:
        menu = context["furo_navigation_tree"]
        menu = menu.replace('role="heading"', 'role="heading" aria-level="2"')
        context["furo_navigation_tree"] = menu + other_menu(page, below, other)
    context["metatags"] = f'{context.get("metatags", "")}<link rel="alternate" hreflang="{other}" href="{address}">'
    if "body" in context:
        scrolls = context["body"].replace("<pre>", '<pre tabindex="0">')
        body = scrolls.replace('<div class="table-wrapper', '<div tabindex="0" class="table-wrapper')
        body = SHARE.sub(lambda found: f' width="{int(found[1]) * 7}"', body)
        body = SIGNATURE.sub(lambda found: AS_BLOCKS.sub(r"<\1div", found[0]), body)
        link = f'<a href="{address}" lang="{other}" hreflang="{other}">{name}</a>'
        context["body"] = f'<p class="other-language">{link}</p>{body}'


def counterpart(page: str, *, to_french: bool) -> str:
    """The page that says the same in the other language, by its file without ending."""
    pairs = tomllib.loads(TRANSLATIONS.read_text("utf-8"))["fr"]
    french = {english: f"docs/{path}" for english, path in pairs.items()}
    if to_french:
        return french.get(page, FIRST_FRENCH)
    return next((english for english, path in french.items() if path == page), FIRST)


def other_menu(page: str, below: str, other: str) -> str:
    """The pages in the other language, marked as such, below the menu of this site."""
    toc = yaml.safe_load((ROOT / "docs/site" / ("toc.yml" if below else "toc.fr.yml")).read_text("utf-8"))
    listed = [{"file": toc["root"]}, *(entry for part in toc["subtrees"] for entry in part["entries"])]
    folder = "" if below else IN_FRENCH
    lines = (
        f'<li class="toctree-l1"><a class="reference" hreflang="{other}" href="{across(page, below, path)}">'
        f"{escape(entry.get('title') or title_of(path))}</a></li>"
        for entry in listed
        if "file" in entry and (ROOT / f"{(path := folder + entry['file'])}.md").is_file()
    )
    words = "In English" if below else "En français"
    heading = f'<p class="caption" role="heading" aria-level="2"><span class="caption-text">{words}</span></p>'
    return f'<div lang="{other}">{heading}<ul>{"".join(lines)}</ul></div>'


@cache
def title_of(page: str) -> str:
    """What its file calls it, without marks."""
    words = (ROOT / f"{page}.md").read_text("utf-8").partition("\n")[0]
    return words.lstrip("# ").replace("`", "")
