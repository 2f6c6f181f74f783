"""The keys with which the towns of the demo sign are theirs alone, and what a town that signs takes."""

from parvis_demo.keys import make_keys
from parvis_seals.seals import Seals

TOWNS = ("parvis", "rivemont")


def test_each_town_has_a_key_that_nobody_else_reads_and_keeps_it(tmp_path):
    keys = make_keys(tmp_path / "keys", TOWNS)
    made = {town: (keys / f"{town}.pem").read_bytes() for town in TOWNS}
    assert {(keys / f"{town}.pem").stat().st_mode & 0o077 for town in TOWNS} == {0}
    assert list(Seals(keys).missing([*TOWNS, "elsewhere"])) == ["elsewhere"]
    assert all(Seals(keys).of(town) for town in TOWNS)
    make_keys(tmp_path / "keys", TOWNS)
    assert {town: (keys / f"{town}.pem").read_bytes() for town in TOWNS} == made
