"""The changelog keeps its shape: sections in their order, entries of one line, and no entry twice."""

import re

import pytest

SECTIONS = ("Added", "Changed", "Fixed", "Security")
AUDIENCES = ("For residents", "For agents and managers", "For towns and operators", "For developers")
LONGEST = 200

HEAD = "# Changes\n\nWords.\n\n## Unreleased\n\nWords.\n"
PLANTED = {
    f"{HEAD}\n### News\n\n- A map.\n": "11: in no section",
    f"{HEAD}\n### Fixed\n\n- A map.\n\n### Added\n": "13: Added stands after Fixed",
    f"{HEAD}\n### Added\n\n#### For everybody\n\n- A map.\n": "11: For everybody is no audience",
    f"{HEAD}\n### Fixed\n\n- A map\n  in colours.\n": "12: goes on over a second line",
    f"{HEAD}\n### Fixed\n\n- A map.\n\n### Security\n\n- a  map\n": "15: said already in line 11",
    f"{HEAD}\n### Fixed\n\n- {'A map. ' * 30}\n": "11: longer than 200 characters",
}


def mistakes(words: str) -> list[str]:
    """What is wrong with a changelog, each mistake after the number of its line."""
    found, said, section = [], dict[str, int](), ""
    for number, line in enumerate(words.splitlines(), 1):
        heading = re.fullmatch(r"(#+) (.+)", line)
        if heading and heading[1] == "##":
            section = ""
        elif heading and heading[1] == "###" and heading[2] in SECTIONS:
            if section and SECTIONS.index(section) >= SECTIONS.index(heading[2]):
                found.append(f"{number}: {heading[2]} stands after {section}")
            section = heading[2]
        elif heading and heading[1] == "####" and heading[2] not in AUDIENCES:
            found.append(f"{number}: {heading[2]} is no audience")
        elif line.startswith("- "):
            first = said.setdefault(" ".join(re.findall(r"\w+", line.casefold())), number)
            if first != number:
                found.append(f"{number}: said already in line {first}")
            if not section:
                found.append(f"{number}: in no section")
            if len(line) > LONGEST:
                found.append(f"{number}: longer than {LONGEST} characters")
        elif line and section and not heading:
            found.append(f"{number}: goes on over a second line")
    return found


def test_the_changelog_keeps_its_shape(root):
    words = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    assert words.count("\n- ") > 100
    assert mistakes(words) == []


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_mistake_is_found(planted):
    assert mistakes(planted) == [PLANTED[planted]]
