"""`parvis files` as operators run it: its words and its exit codes."""

import pytest

from parvis_testing.commands import said_in_a_sentence, take_a_later_step

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("database")]  # processes of their own


def test_it_says_how_to_begin_and_refuses_the_other_way(command, environ):
    words = said_in_a_sentence(command("files", "move", "--to", "s3_files"))
    assert "files are kept in folder now; write `also` beside `store`" in words
    environ["PARVIS_FILES_ALSO"] = "s3_files"
    words = said_in_a_sentence(command("files", "move", "--to", "s3_files"))
    assert "files are kept in folder now, and looked for in s3_files too" in words


def test_a_store_that_nobody_brings_moves_nothing(command, environ):
    environ["PARVIS_FILES_ALSO"] = "buckets"
    done = command("files", "move", "--to", "folder")
    assert done.returncode == 1
    told = "parvis: a store is away (no plugin brings the file store 'buckets'); 0 files were moved: run this again"
    assert done.stderr.splitlines()[-1] == told


def test_a_version_before_moves_nothing_on_the_database_of_a_later_one(command, environ, database):
    environ["PARVIS_FILES_ALSO"] = "buckets"
    take_a_later_step(database, stops=False)
    done = command("files", "move", "--to", "folder")
    assert done.returncode == 1
    told = "parvis: a later version has upgraded the database: run this with that version"
    assert done.stderr.splitlines()[-1] == told


def test_an_installation_without_files_is_whole(command):
    done = command("files", "verify")
    assert (done.returncode, done.stdout) == (0, "0 files are intact, 0 missing, 0 altered\n")
