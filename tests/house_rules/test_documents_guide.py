"""The guide of documents shows what works: its template is set, its declaration is one, what it names is there."""

import re
from datetime import UTC, datetime

import pytest

from parvis_sdk.documents import FILLED, TOLD, Document, source_mistakes
from parvis_sdk.text import Text
from parvis_typesetting.setting import set_pdf, sources_of

NOON = datetime(2026, 9, 14, 16, tzinfo=UTC)
WORDS = ("what", "said", "conditions", "rests_on", "verify", "preview", "no_value", "page")
TABLE = {
    "columns": ["Poste", "Montant"],
    "rows": [["Total", "55,00 $"]],
    "widths": [3, 1],
    "figures": [1],
    "summed": True,
}
SHEET = {
    "language": "fr",
    "kind": "permit",
    "title": "Permis",
    "number": "PC-1",
    "described": "Permis PC-1",
    "day": [2026, 9, 14],
    "dates": "Délivré le 14 septembre 2026.",
    "lead": "",
    "version": "",
    "reference": "7K3M-9QXT-4",
    "requester": "Zoé Côté",
    "place": "1234, rue Rachel Est",
    "until": "",
    "preview": False,
    "town": {
        "name": "Ville",
        "mark": "Ville",
        "logo": None,
        "colour": "#153e5c",
        "link": "#0a5a9c",
        "lines": ["1, rue de l’Hôtel"],
        "email": "",
    },
    "body": ["Un permis."],
    "facts": [{"code": "lot", "label": "Lot", "lines": ["1 234 567"]}],
    "holds": [{"code": "fees", "title": "Droits"} | TABLE],
    "conditions": ["La haie reste."],
    "rests_on": [{"name": "plan.pdf", "said": "empreinte 3f9a"}],
    "closing": [],
    "signatory": {"name": "Ana Tremblay", "role": "Urbanisme"},
    "signed": "Délivré le 14 septembre 2026",
    "verify": {"code": "7K3M-9QXT-42ZA", "url": "https://v.example/x", "shown": "v.example/x", "alt": "Code"},
    "words": dict.fromkeys(WORDS, "mots"),
}


@pytest.fixture(scope="module")
def guide(root) -> str:
    return (root / "docs/documents.md").read_text("utf-8")


def templates(guide: str) -> list[str]:
    """The template that the guide writes out, and the short one that it mentions."""
    (whole,) = re.findall(r"```text\n(#import.*?)```", guide, re.DOTALL)
    (short,) = re.findall(r"`(#let paper\(it\) = usual.*?)`", guide)
    return [whole, f'#import "parvis.typ": *\n{short.replace("…", "Mot")}']


def test_the_templates_of_the_guide_are_set(guide):
    for template in templates(guide):
        assert list(source_mistakes(template, "guide")) == []
        assert set_pdf(sources_of(template), [SHEET], "https://v.example/x", NOON).startswith(b"%PDF-1.7")


def test_what_a_template_may_use_is_all_told(guide):
    told = guide.partition("`it` holds the same words")[2].partition("They are data")[0]
    assert {*re.findall(r"`(\w+)`", told)} - {"code", "label", "lines"} == SHEET.keys() - {"described", "day"}


def test_names_and_kinds_are_those_of_the_sdk(guide):
    assert {f"{{{name}}}" for name in FILLED} <= {*re.findall(r"`({\w+})`", guide)}
    assert all(f"{{{name}}}" in guide for name in TOLD)
    declared = re.findall(r"^    (\w+)=", guide.partition("PERMIT = Document(")[2].partition("\n)")[0], re.MULTILINE)
    assert {*declared} <= {*Document.__struct_fields__}
    example = Document(code="permit", title=Text(fr="Permis"), kind="permit", number="ENS-{year}-{number:05}")
    assert list(example.mistakes()) == []
