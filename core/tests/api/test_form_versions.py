"""A program says which version of a form it filled in; where that has changed, it reads what, question by question."""

import zlib
from base64 import urlsafe_b64encode

import pytest
from msgspec import structs

from parvis.example_towns import town_folder
from parvis.plugins import DiscoveredPlugin
from parvis.settings import Settings
from parvis_sdk.conditions import Is
from parvis_sdk.fields import ShortText
from parvis_sdk.form_versions import form_version
from parvis_sdk.forms import Form
from parvis_sdk.problems import problem
from parvis_testing.api import running
from parvis_testing.town import HOLE, QUARREL, plugin_of, said

DEEP = urlsafe_b64encode(zlib.compress(b"[" * 30_000, 9)).decode()
BEFORE = form_version(HOLE.form.json_schema("en"))


def changed_hole():
    """`words` is required where it is dangerous, `witness` is said in other words, `health` is gone, `depth` is new."""
    (section,) = HOLE.form.sections
    danger, words, witness, _, photos = section.fields
    fields = (
        danger,
        structs.replace(words, required_when=Is(field="danger", value=True)),
        structs.replace(witness, label=said("Qui l’a vu ?")),
        photos,
        ShortText(code="depth", label=said("Profondeur"), required=False),
    )
    return structs.replace(HOLE, form=Form(sections=(structs.replace(section, fields=fields),)))


async def test_what_is_filled_in_as_the_form_is_today_is_filed(api):
    for type, version in (("hole", BEFORE), ("quarrel", form_version(QUARREL.form.json_schema("en")))):
        for language in ("fr", "en"):
            told = (await api.get(f"/request-types/{type}", {"Accept-Language": language})).json()
            assert told["form_version"] == version
    assert (await api.file(form_version=BEFORE)).status_code == 201


@pytest.mark.parametrize("version", ["x", "eJw", "AAAA" * 1_500, "A" * 8_001, DEEP])
async def test_what_is_no_version_of_a_form_is_refused(api, version):
    refused = await api.file(form_version=version)
    assert refused.status_code == 422, refused.text
    assert [each["path"] for each in refused.json()["errors"]] == ["form_version"]


async def test_what_changed_is_told_question_by_question_and_nothing_is_filed(database_url, tmp_path):
    settings = Settings(
        territory=town_folder(), secret_key="s" * 40, data=tmp_path, database=database_url, worker=False
    )
    async with running(settings, [DiscoveredPlugin.of("town", plugin_of(changed_hole()))]) as api:
        refused = await api.file(form_version=BEFORE)
        assert refused.status_code == 409, refused.text
        told = [(each["path"], each["code"]) for each in refused.json()["errors"]]
        assert told == [("answers.words", "changed"), ("answers.depth", "added"), ("answers.health", "removed")]
        assert "depth" in refused.json()["errors"][1]["message"]
        token = await api.token("requests:read")
        assert (await api.get("/requests", token)).json()["total"] == 0
        now = (await api.get("/request-types/hole")).json()["form_version"]
        assert (await api.file(form_version=now)).status_code == 201


async def test_what_was_filed_once_answers_its_receipt_though_the_form_has_changed_since(api, monkeypatch):
    first = await api.file(key="once", form_version=BEFORE)
    monkeypatch.setattr("parvis.api.requests.changes_since", lambda *_: (problem("required", "answers.x", label="x"),))
    assert (await api.file(key="twice", form_version=BEFORE)).status_code == 409
    again = await api.file(key="once", form_version=BEFORE)
    assert (again.status_code, again.json()) == (201, first.json())
