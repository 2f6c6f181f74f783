"""A store that a plugin brings is used without harm: away, late, broken or lying, it costs a file and nothing else."""

import hashlib
import io
import threading
import time

import pytest

from parvis.files import LocalFiles
from parvis.plugins import DiscoveredPlugin, file_stores
from parvis.plugins.file_stores import GuardedFiles, store_by
from parvis.plugins.loading import load_plugins
from parvis_sdk.file_stores import FilesAway
from parvis_sdk.hooks import hookimpl
from parvis_sdk.testing import FileStoreContract
from parvis_sdk.text import Text

CONTENT = b"a hole"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


class Store(LocalFiles):
    name, title, seconds = "ours", Text(fr="Les nôtres", en="Ours"), 5.0

    def __init__(self, folder):
        super().__init__(folder)
        self.title = Store.title


class OurPlugin:
    def __init__(self, store):
        self.store = store

    @hookimpl
    def file_stores(self):
        return [self.store]


def guarded(store):
    return GuardedFiles("ours", store, "ours (parvis-ours 1.0)")


class TestGuardedFiles(FileStoreContract):
    @pytest.fixture
    def store(self, tmp_path):
        return guarded(Store(tmp_path / "files"))

    @pytest.fixture
    def away(self):
        return store_by("nobody", load_plugins([]), None)


def test_the_store_that_is_named_is_the_one_of_its_plugin_and_without_a_name_it_is_the_folder(tmp_path):
    plugins = load_plugins([DiscoveredPlugin.of("ours", OurPlugin(Store(tmp_path / "ours")))])
    assert [str(each) for each in plugins.troubles] == []
    store = store_by("ours", plugins, tmp_path)
    assert (store.title.en, store.who) == ("Ours", "ours")
    assert isinstance(store_by("", plugins, tmp_path), LocalFiles)
    with pytest.raises(FilesAway, match="no plugin brings the file store 'others'"):
        store_by("others", plugins, tmp_path).keep(CONTENT)


class Raising(Store):
    def keep(self, content):
        raise ValueError("not today")


class Lying(Store):
    def keep(self, content):
        return "0" * 64

    def open(self, digest):
        return b"bytes"

    def kept_before(self, part, moment):
        return ["ff" * 32, "../../etc"]


def test_a_store_that_raises_is_named_with_the_line_at_which_it_does(tmp_path):
    with pytest.raises(FilesAway) as raised:
        guarded(Raising(tmp_path)).keep(CONTENT)
    said = str(raised.value)
    assert said.startswith("ours (parvis-ours 1.0) · file_stores() · ")
    assert "it raised ValueError: not today" in said
    assert "test_file_stores.py" in said


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda store: store.keep(CONTENT), "keep answered"),
        (lambda store: store.open("0" * 64), "open answered b'bytes'"),
        (lambda store: store.kept_before(0, None), "kept_before answered"),
    ],
)
def test_an_answer_that_cannot_be_right_is_not_believed(tmp_path, ask, said):
    with pytest.raises(FilesAway, match=said):
        ask(guarded(Lying(tmp_path)))


def test_a_store_that_does_not_come_back_is_left_and_rests_for_a_moment(tmp_path, monkeypatch):
    class Hanging(Store):
        seconds = 0.3

        def open(self, digest):
            if digest == "1" * 64:
                time.sleep(30)
            return io.BytesIO(CONTENT)

    monkeypatch.setattr(file_stores, "REST", 0.5)
    store, began = guarded(Hanging(tmp_path)), time.monotonic()
    with pytest.raises(FilesAway, match=r"did not answer within 0\.3 s"):
        store.open("1" * 64)
    with pytest.raises(FilesAway, match=r"did not answer within 0\.3 s"):
        store.open("2" * 64)
    assert time.monotonic() - began < 20
    time.sleep(0.6)
    with store.open(DIGEST) as file:
        assert file.read() == CONTENT


def test_calls_that_never_come_back_keep_their_places_until_they_do(tmp_path, monkeypatch):
    class Hung(Store):
        seconds, back, inside = 0.05, threading.Event(), []

        def open(self, digest):
            self.inside.append(threading.current_thread())
            self.back.wait()
            return io.BytesIO(CONTENT)

    monkeypatch.setattr(file_stores, "REST", 0.0)
    monkeypatch.setattr(file_stores, "AT_ONCE", 2)
    store, said = guarded(Hung(tmp_path)), []
    for _ in range(5):
        with pytest.raises(FilesAway) as raised:
            store.open(DIGEST)
        said.append(str(raised.value))
    assert len(Hung.inside) == 2
    assert ["in progress" in each for each in said] == [False, False, True, True, True]
    Hung.back.set()
    for thread in Hung.inside:
        thread.join()
    store.seconds = 10
    for _ in range(3):
        with store.open(DIGEST) as file:
            assert file.read() == CONTENT


class Endless:
    def read(self, size):
        return b"0" * size


class Stuck:
    def read(self, size):
        time.sleep(30)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (io.BytesIO(b"the file of somebody else"), "the contents it returned are not those stored"),
        (io.BytesIO(CONTENT[:3]), "the contents it returned are not those stored"),
        (io.StringIO("a hole"), "read answered 'a hole'"),
        (Endless(), "the contents it returned are not those stored"),
        (Stuck(), "did not answer within"),
        (None, "open answered None"),
    ],
)
def test_what_is_given_in_place_of_a_content_reaches_nobody(tmp_path, monkeypatch, given, said):
    """Content of the wrong type from a store is neither served nor waited for without a limit."""

    class Other(Store):
        seconds = 3.0 if not isinstance(given, Stuck) else 0.2

        def open(self, digest):
            return given

    monkeypatch.setattr(file_stores, "LARGEST", 5_000_000)
    with pytest.raises(FilesAway, match=said):
        guarded(Other(tmp_path)).open(DIGEST)
