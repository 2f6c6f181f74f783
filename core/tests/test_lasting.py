"""A process that lasts: what it is composed of is never looked through for garbage, and its loop is quick."""

import asyncio
import gc
import sys

import pytest

from parvis.lasting import composing, run


@pytest.fixture(autouse=True)
def as_it_was():
    yield
    gc.unfreeze()
    gc.enable()


def test_nothing_is_collected_before_a_process_is_composed_nor_looked_through_after():
    before = gc.get_freeze_count()
    with composing():
        assert not gc.isenabled()
        made = [[] for _ in range(1000)]
    assert gc.isenabled()
    assert gc.get_freeze_count() > before
    assert len(made) == 1000


def test_who_cannot_be_composed_leaves_the_collection_on():
    with pytest.raises(RuntimeError), composing():
        raise RuntimeError
    assert gc.isenabled()


async def loop_here():
    return type(asyncio.get_running_loop()).__module__


def test_the_loop_is_uvloop_where_it_is_installed():
    pytest.importorskip("uvloop")
    assert run(loop_here()) == "uvloop"


def test_without_uvloop_it_is_the_one_of_python(monkeypatch):
    monkeypatch.setitem(sys.modules, "uvloop", None)
    assert run(loop_here()).startswith("asyncio.")
