"""No test fails by chance: none denies a stretch of digits that a random identifier may hold."""

import ast

import pytest

A_STRETCH = 5  # characters; one of six meets one of 32 characters once in half a million


def test_no_test_denies_what_an_identifier_may_hold(tracked, root):
    found = []
    for path in tracked:
        if path.suffix == ".py" and "tests" in path.relative_to(root).parts:
            found += [f"{path.relative_to(root)}:{line}: {words!r}" for line, words in _risky(path.read_text())]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        "def test():\n    assert '514' not in page.text",
        "def test():\n    for word in ('Zoé', '514'):\n        assert word not in page.text",
        "def test():\n    assert not any(word in page for word in ('Zoé', '0101'))",
        "def test():\n    assert b'01a2' not in heard",
    ],
)
def test_the_rule_sees_a_stretch_of_an_identifier(code):
    assert len(_risky(code)) == 1


@pytest.mark.parametrize("good", ["'555-0101' not in page", "'Zoé' not in page", "'4' not in counts", "'514' in page"])
def test_the_rule_leaves_other_words_alone(good):
    assert _risky(f"def test():\n    assert {good}") == []


def _risky(code: str) -> list[tuple[int, str]]:
    """Lines that deny a stretch of an identifier, each with the stretch."""
    found = set()
    for function in ast.walk(ast.parse(code)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            parts = list(ast.walk(function))
            looped = [each for each in parts if isinstance(each, ast.For | ast.comprehension)]
            for each in (part for part in parts if isinstance(part, ast.Assert) and _denies(part.test)):
                for compared in (part for part in ast.walk(each) if isinstance(part, ast.Compare)):
                    name = ast.unparse(compared.left)
                    said = [compared.left, *(loop.iter for loop in looped if ast.unparse(loop.target) == name)]
                    found |= {(compared.lineno, word) for part in said for word in _words(part) if _a_stretch(word)}
    return sorted(found)


def _denies(asserted: ast.expr) -> bool:
    return any(isinstance(each, ast.NotIn | ast.Not) for each in ast.walk(asserted))


def _words(written: ast.expr) -> list[str]:
    values = [each.value for each in ast.walk(written) if isinstance(each, ast.Constant)]
    texts = [str(value, "latin-1") if isinstance(value, bytes) else value for value in values]
    return [text for text in texts if isinstance(text, str)]


def _a_stretch(word: str) -> bool:
    characters = set(word)
    return (
        2 <= len(word) <= A_STRETCH and characters <= set("0123456789abcdef") and bool(characters & set("0123456789"))
    )
