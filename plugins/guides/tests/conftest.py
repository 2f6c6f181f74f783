"""A town whose installation serves a small site of the documentation."""

from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs

from parvis_guides import settings as of_guides
from parvis_testing.desk import *
from parvis_testing.modules import only
from parvis_testing.town import *


@pytest.fixture(scope="session")
def modules():
    return only("guides")


@pytest.fixture
def site(tmp_path) -> Path:
    """What the build leaves behind, as far as this module looks at it, with a secret beside the folder."""
    folder = tmp_path / "site"
    (folder / "fr").mkdir(parents=True)
    (folder / "docs").mkdir()
    (folder / "_static").mkdir()
    (folder / "fr/README.html").write_text("<!doctype html><title>Par où commencer</title>", "utf-8")
    (folder / "docs/README.html").write_text("<!doctype html><title>Where to begin</title>", "utf-8")
    (folder / "_static/site.js").write_text("'use strict'", "utf-8")
    (tmp_path / "secret.html").write_text("not for anybody", "utf-8")
    return folder


@pytest.fixture
def told(desk):
    """The desk of an installation whose settings say this of the documentation."""

    def say(**values: str) -> None:
        old = desk.app.state.deployment
        plugins = old.host.plugins
        own = structs.replace(plugins.by_name["guides"], settings=of_guides.Settings(**values))
        host = replace(old.host, plugins=structs.replace(plugins, by_name={**plugins.by_name, "guides": own}))
        desk.app.state.deployment, desk.host = replace(old, host=host), host

    return say
