"""What the core has come down to, it does not come up to again: the figures of `python -m benchmarks shape`."""

import importlib
import subprocess
import sys

import pytest

MOST = {
    "lines": 59_650,
    "files": 411,
    "public": 4_628,
    "participles": 0,
    "hooks": 17,
    "host": 8,
    "behind_history": 15,
    "behind_intake": 68,
    "behind_page": 102,
    "rooms_in_a_cycle": 0,
    "longest_list": 38,
}
"""A little more than what was last measured. Whoever brings a figure down brings its limit down as well."""


@pytest.fixture(scope="module")
def shape(root):
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(root)
        yield importlib.import_module("benchmarks.shape")


@pytest.fixture(scope="module")
def figures(shape):
    return shape.figures()


@pytest.mark.parametrize("name", MOST)
def test_the_core_does_not_grow_back(figures, name):
    assert figures[name].value <= MOST[name], f"{figures[name].title}: {figures[name].value:,}"


def test_rooms_that_know_each_other_by_way_of_others_stand_in_a_circle(shape):
    knows = {"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}
    assert shape.circles(knows, knows) == [["a", "b", "c"]]
    assert shape.circles("cd", {"c": {"d"}, "d": set()}) == []


def test_bare_participles_are_told_from_other_names(shape):
    names = ["Held", "Routed", "Bringing", "Record", "HeldFile", "Kind", "Feed"]
    found = [n for n in names if shape.PARTICIPLE.fullmatch(n) and n not in shape.NO_PARTICIPLES]
    assert found == ["Held", "Routed", "Bringing"]


def test_the_table_names_every_figure(shape, figures):
    told = shape.measure()
    assert all(figure.title in told for figure in figures.values())


def test_the_application_loads_no_library_of_what_is_seldom_asked():
    look = "import parvis.app, parvis.serving, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", look], check=True, capture_output=True, text=True).stdout.split()
    assert not {"PIL", "aiohttp", "black", "cryptography", "lxml", "openpyxl", "pyhanko", "websockets"} & {*loaded}
