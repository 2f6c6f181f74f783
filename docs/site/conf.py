"""The site of the documentation: the guides in the order of `toc.yml`, and a reference made from the code.

    sphinx-build -W -b html -c docs/site . FOLDER

Everything comes from the site itself: no type face, script or picture of somebody else is asked for.
"""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import reading
import reference
from pygments.lexers.special import TextLexer
from sphinx.highlighting import lexers

ROOT = Path(__file__).parents[2]

project = "Parvis"
language = "en"
extensions = ["myst_parser", "sphinx_external_toc", "sphinx.ext.autodoc", "sphinx_click"]
external_toc_path = "docs/site/toc.yml"
include_patterns = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "docs/**",
    "sdk/README.md",
    "plugins/*/README.md",
]
exclude_patterns = [".*", "core", "testing", "tests", "examples", "docs/site", "docs/screenshots/*.md", "pictures"]
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
html_title = "Parvis"
html_search_scorer = str(ROOT / "docs/site/scorer.js")
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False


def setup(application: Any) -> None:
    """Before the pages are read, those of the reference are written beside the guides."""
    reference.write(ROOT / "docs/reference")
    lexers.update(csv=TextLexer(), mermaid=TextLexer())  # a diagram's source reads as text; drawing it is others' code
    application.connect("source-read", reading.links_that_lead)
    application.connect("autodoc-process-docstring", reading.code_as_code)
    application.connect("html-page-context", reading.within_reach, priority=900)  # after the theme
