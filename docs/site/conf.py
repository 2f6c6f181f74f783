"""The site of the documentation: the guides in the order of `toc.yml`, and a reference made from the code.

    sphinx-build -W -b html -c docs/site . FOLDER
    sphinx-build -W -b html -c docs/site -t fr docs/fr FOLDER/fr

The second is the site in French, with a menu and a search of its own (`toc.fr.yml`); the two lead to each other.
Everything comes from the site itself: no type face, script or picture of somebody else is asked for.
"""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import reading
import reference
import strict
from pygments.lexers.special import TextLexer
from sphinx.highlighting import lexers

ROOT = Path(__file__).parents[2]
IN_FRENCH = globals()["tags"].has("fr")

project = "Parvis"
language = "fr" if IN_FRENCH else "en"
extensions = ["myst_parser", "sphinx_external_toc", "sphinx.ext.autodoc", "sphinx_click"]
external_toc_path = str(ROOT / "docs/site" / ("toc.fr.yml" if IN_FRENCH else "toc.yml"))
include_patterns = ["**"] if IN_FRENCH else list(reading.IN_ENGLISH)
exclude_patterns = [".*", "core", "testing", "tests", "examples", *reading.APART, "docs/screenshots/*.md", "pictures"]
myst_heading_anchors = 4
default_role = "literal"
add_module_names = False
python_maximum_signature_line_length = 88
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
suppress_warnings = [
    "ref.python",  # `type` is a field of many nouns
    "toc.not_included",  # decisions and plugins are reached from the pages that list them
]
html_theme = "furo"
html_title = "Parvis, en français" if IN_FRENCH else "Parvis"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_search_scorer = str(ROOT / "docs/site/scorer.js")
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False


def setup(application: Any) -> None:
    """Before the pages are read, those of the reference are written beside the guides."""
    if IN_FRENCH:
        reference.write_in_french(ROOT / "docs/fr/reference")
    else:
        reference.write(ROOT / "docs/reference")
    lexers.update(csv=TextLexer(), mermaid=TextLexer())  # a diagram's source reads as text; drawing it is others' code
    application.connect("source-read", reading.links_that_lead)
    application.connect("autodoc-process-docstring", reading.code_as_code)
    application.connect("html-page-context", reading.within_reach, priority=900)  # after the theme
    application.connect("build-finished", strict.nothing_inside)
