"""What becomes of mails of every shape, as `docs/incoming-mail.md` lists them."""

import time
from pathlib import Path

import pytest

from parvis_mail_intake.folding_quotes import fold_quotes
from parvis_mail_intake.judging import judge
from parvis_mail_intake.reading import read

from .shapes import TOWN, shapes  # isort: skip

SHAPES = tuple(shapes())
GUIDE = Path(__file__).resolve().parents[3] / "docs/incoming-mail.md"
LONGEST = 20.0  # seconds, on a busy machine; the largest takes two


@pytest.mark.parametrize("shape", SHAPES, ids=[f"{shape.group}: {shape.name}" for shape in SHAPES])
def test_a_mail_of_any_shape_has_its_fate(shape):
    began = time.process_time()
    mail = read(shape.raw)
    judged = judge(mail, own=(TOWN,), from_junk=shape.from_junk)
    folded = fold_quotes(mail.text)
    assert (judged.sort, bool(judged.why)) == (shape.fate, True)
    if shape.words is not None:
        assert folded.words == shape.words
    if shape.files is not None:
        assert tuple(file.name for file in mail.files) == shape.files
    if shape.subject is not None:
        assert mail.subject == shape.subject
    if shape.sender is not None:
        assert mail.sender == shape.sender
    assert shape.quoted in folded.quoted
    assert [trouble for trouble in mail.troubles if not shape.trouble or shape.trouble not in trouble] == []
    assert bool(mail.troubles) == bool(shape.trouble)
    assert lines_of(mail.text) <= lines_of(folded.words, folded.quoted, folded.signature)  # folding loses nothing
    assert time.process_time() - began < LONGEST


def test_the_guide_lists_every_shape_with_its_fate():
    names = [(shape.group, shape.name) for shape in SHAPES]
    assert len(names) == len(set(names)) >= 200
    said = GUIDE.read_text()
    assert said.partition("<!-- shapes -->")[2].strip() == table().strip()


def lines_of(*texts: str) -> set[str]:
    return {line.strip() for text in texts for line in text.split("\n")} - {""}


def table() -> str:
    """The list of the guide, as it must be."""
    lines = []
    for group in dict.fromkeys(shape.group for shape in SHAPES):
        lines += [f"### {group}", "", "| a mail | becomes |", "|---|---|"]
        lines += [f"| {shape.name.replace('|', ' ')} | {shape.fate} |" for shape in SHAPES if shape.group == group]
        lines.append("")
    return "\n".join(lines)


def test_reading_never_raises_whatever_the_bytes():
    for shape in SHAPES:
        if len(shape.raw) < 20_000:
            for cut in range(0, len(shape.raw), max(1, len(shape.raw) // 25)):
                assert read(shape.raw[:cut]).message_id
                assert read(shape.raw[cut:]).message_id
