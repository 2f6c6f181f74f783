"""The guide to roles says what the roles say."""

from pathlib import Path

from parvis.people.roles import RIGHTS, ROLES, permissions_of

GUIDE = (Path(__file__).parents[2] / "docs/roles.md").read_text(encoding="utf-8")


def _table(first: str) -> list[list[str]]:
    lines = GUIDE[GUIDE.index(f"| {first} |") :].split("\n\n")[0].splitlines()
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines]


def test_each_role_stands_in_the_guide_with_what_it_may_do():
    (_, _, *rights), _, *rows = _table("role")
    told = {row[1]: {right for right, cell in zip(rights, row[2:], strict=True) if cell == "yes"} for row in rows}
    assert told == {role.code: set(permissions_of(role.code)) for role in ROLES.values()}
    assert [row[0] for row in rows] == [role.title.to("en") for role in ROLES.values()]


def test_each_right_is_explained():
    _, _, *rows = _table("right")
    assert {row[0] for row in rows} == {right.name for right in RIGHTS}
    assert all(len(row[1]) > 10 for row in rows)
