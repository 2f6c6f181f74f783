"""The README tells of the plugin as it is."""

from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def readme():
    return (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def test_the_readme_names_every_request_type(readme, types):
    assert all(
        f"| `{code}` | {request_type.title.fr} / {request_type.title.en} |" in readme
        for code, request_type in types.items()
    )


@pytest.mark.parametrize("code", ["street_light"])
def test_the_workflow_is_drawn_as_it_is(readme, types, code):
    assert types[code].workflow.diagram("en") in readme
