"""Each planted fault is found by name, file and line, by kit or host or both, in the very words that its file says."""

import pytest

from .faulty import FAULTS, host_says, installed, kit_says, said_of


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_told_as_its_file_says(fault, tmp_path):
    with installed(fault, tmp_path):
        kit, host = kit_says(fault), host_says()
    assert {"kit": kit, "host": host} == said_of(fault)
    assert kit or host


def test_there_are_more_than_forty():
    assert len(FAULTS) > 40


def test_what_the_faults_stand_in_is_sound(tmp_path):
    with installed("sound", tmp_path):
        said = kit_says("sound")
    assert said == ["no function is marked with @hookimpl · the plugin is left out · mark at least one hook"]
