"""What a new version of a plugin would change is shown place by place, before it is installed."""

import json

import pytest
from click.testing import CliRunner
from msgspec import structs

from parvis.cli import parvis
from parvis_plugin_checks.changing import installed
from parvis_plugin_checks.comparing import area_of, changes_between
from parvis_sdk.events import Submitted
from parvis_sdk.finding import Scope
from parvis_sdk.identity_providers import IdentityProvider, PersonClaims
from parvis_sdk.new_plugin.described import NewPlugin
from parvis_sdk.new_plugin.making import make
from parvis_sdk.subscriptions import Subscription
from parvis_sdk.testing.declarations import noun_told
from parvis_sdk.testing.laid_out import LaidOut
from parvis_sdk.text import Text

BEFORE = {
    "request_types": {
        "hole": {
            "title": {"fr": "Trou", "en": "Hole"},
            "form": {"sections": [{"code": "what", "fields": [{"code": "deep", "required": False}]}]},
            "workflow": {"transitions": [{"code": "close", "by": ["agent"], "target": "done"}]},
            "messages": [{"on": "close", "subject": {"fr": "Fini"}}],
        }
    },
    "exits": {"a.example": True},
    "hooks": {"request_types": True},
}
AFTER = {
    "request_types": {
        "hole": {
            "title": {"fr": "Trou", "en": "Pothole"},
            "form": {"sections": [{"code": "what", "fields": [{"code": "deep", "required": True}, {"code": "wide"}]}]},
            "workflow": {"transitions": [{"code": "close", "by": ["agent", "requester"], "target": "done"}]},
            "messages": [{"on": "close", "subject": {"fr": "Réglé"}}],
        }
    },
    "exits": {"a.example": True, "b.example": True},
    "hooks": {},
}


def test_every_difference_has_its_place_and_its_area():
    found = [(each.area, each.how, each.where) for each in changes_between(BEFORE, AFTER)]
    assert found == [
        ("types", "changed", "request_types hole title en"),
        ("fields", "changed", "request_types hole form sections what fields deep required"),
        ("fields", "added", "request_types hole form sections what fields wide"),
        ("rights", "changed", "request_types hole workflow transitions close by"),
        ("letters", "changed", "request_types hole messages close subject fr"),
        ("exits", "added", "exits b.example"),
        ("hooks", "removed", "hooks request_types"),
    ]
    assert list(changes_between(AFTER, AFTER)) == []
    assert area_of("request_types hole workflow transitions close target") == "moves"


@pytest.fixture
def trees(tmp_path):
    """A plugin in its first version, and in a second one with another title and another host."""
    folders = []
    for version in ("one", "two"):
        folders.append(tmp_path / version)
        make(NewPlugin(name="trees", kind="type", title=Text(fr="Arbre", en="Tree"), folder=folders[-1]))
    for file in (folders[1] / "src").rglob("*.py"):
        file.write_text(file.read_text("utf-8").replace("Arbre", "Grand arbre"), "utf-8")
    return folders


def test_two_versions_are_compared_and_one_that_is_not_installed_is_all_new(trees):
    one, two = trees

    def run(*words):
        return CliRunner().invoke(parvis, ["plugins", "changes", *map(str, words)])

    told = run(two, "--against", one)
    assert told.exit_code == 0, told.output
    assert "'Arbre' -> 'Grand arbre'" in told.output
    same = run(one, "--against", one)
    assert "trees: nothing changes" in same.output
    new = json.loads(run(one, "--json").output)
    assert {each["how"] for each in new["changes"]["trees"]} == {"added"}
    assert new["open_requests"] == {}


def test_another_spelling_of_its_distribution_is_compared_with_what_is_installed():
    told = installed(LaidOut(names=("reports",), distribution="Parvis_Reports 9.9", folders=()))
    assert "pothole" in told["reports"]["request_types"]


TITLE = Text(fr="Annuaire", en="Directory")
LETS_IN = IdentityProvider(name="directory", title=TITLE, issuer="https://a.example", client_id="c", client_secret="s")
HEARS = Subscription(name="match", events=(Submitted,), handler=print)


@pytest.mark.parametrize(
    ("before", "after", "where"),
    [
        (LETS_IN, structs.replace(LETS_IN, issuer="https://b.example"), "issuer"),
        (LETS_IN, structs.replace(LETS_IN, link=True), "link"),
        (LETS_IN, structs.replace(LETS_IN, claims=PersonClaims(verified="xms_edov")), "claims verified"),
        (LETS_IN, structs.replace(LETS_IN, second_factors=("pwd",)), "second_factors"),
        (HEARS, structs.replace(HEARS, finds=(Scope(types=("permit",)),)), "finds 0"),
        (HEARS, structs.replace(HEARS, corrects=("serial",)), "corrects"),
    ],
)
def test_who_is_let_in_and_what_is_found_of_others_is_among_the_rights_that_change(before, after, where):
    hook = "identity_providers" if isinstance(before, IdentityProvider) else "subscriptions"
    told = [{hook: [noun_told(each, "fr")]} for each in (before, after)]
    [change] = changes_between(*told)
    assert (change.area, change.where) == ("rights", f"{hook} {before.name} {where}")
    assert noun_told(LETS_IN, "fr")["client_secret"] is True
