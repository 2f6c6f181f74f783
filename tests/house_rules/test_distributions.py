"""Whatever lies under `plugins` is a distribution like its neighbours, and in each list that must name them all."""

import configparser
import re
import tomllib

import pytest

from parvis.plugins.name_conflicts import OURS


@pytest.fixture(scope="module")
def distributions(root):
    """What each folder says of itself, by its name."""
    return {path.parent.name: tomllib.loads(path.read_text()) for path in sorted(root.glob("plugins/*/pyproject.toml"))}


@pytest.fixture(scope="module")
def modules(distributions):
    """Those that stand on the host."""
    return {name for name, told in distributions.items() if "parvis.modules" in entry_points(told)}


@pytest.fixture(scope="module")
def house(root):
    return tomllib.loads((root / "pyproject.toml").read_text())["tool"]


@pytest.fixture(scope="module")
def tox(root):
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(root / "tox.ini")
    return parser


def entry_points(told):
    return told["project"].get("entry-points", {})


def test_every_folder_is_a_distribution(root, distributions):
    assert {path.name for path in root.glob("plugins/*") if any(path.rglob("*.py"))} == distributions.keys()


def test_a_distribution_is_named_after_its_folder(root, distributions):
    for name, told in distributions.items():
        assert told["project"]["name"] == f"parvis-{name.replace('_', '-')}"
        assert told["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == [f"src/parvis_{name}"]
        assert (root / f"plugins/{name}/src/parvis_{name}/__init__.py").is_file()
        assert (root / f"plugins/{name}/README.md").is_file()
        assert any((root / f"plugins/{name}/tests").glob("**/test_*.py"))


def test_the_host_knows_which_plugins_are_our_own(distributions, modules):
    assert {f"parvis-{name.replace('_', '-')}" for name in distributions.keys() - modules} == OURS


def test_a_distribution_is_found_by_its_entry_points(distributions, modules):
    for name, told in distributions.items():
        group = "parvis.modules" if name in modules else "parvis"
        named = f"parvis_{name}.plugin:MODULE" if name in modules else f"parvis_{name}.plugin"
        assert entry_points(told)[group] == {name: named}


def test_uv_takes_every_distribution_of_the_house_from_its_folder(distributions):
    for name, told in distributions.items():
        wanted = [*told["project"]["dependencies"]]
        for extra in told["project"].get("optional-dependencies", {}).values():
            wanted += extra
        ours = {re.split(r"[^a-z0-9-]", each)[0] for each in wanted if each.startswith("parvis")}
        sources = told["tool"]["uv"]["sources"]
        assert sources == {each: {"workspace": True} for each in ours}, name


def test_a_module_asks_for_the_host_and_a_plugin_for_the_sdk_alone(distributions, modules):
    for name, told in distributions.items():
        ours = {re.split(r"[^a-z0-9-]", each)[0] for each in told["project"]["dependencies"]} - {"parvis-sdk"}
        assert ("parvis" in ours) == (name in modules), name


def test_imports_are_looked_at_in_every_distribution(house, distributions):
    packages = {f"parvis_{name}" for name in distributions}
    assert {*house["importlinter"]["root_packages"]} == {"parvis", "parvis_sdk", "parvis_testing", *packages}
    folders = {"sdk/src", "core/src", "testing/src", *(f"plugins/{name}/src" for name in distributions)}
    assert {*house["mypy"]["mypy_path"]} == folders


def test_modules_stand_above_the_host_and_plugins_beside_it(house, distributions, modules):
    contracts = house["importlinter"]["contracts"]
    [lines] = [each["layers"] for each in contracts if each["type"] == "layers" and "containers" not in each]
    over, *above, beside, below = [set(line.split(" | ")) for line in lines]
    assert over == {"parvis_testing"}
    assert below == {"parvis_sdk"}
    assert beside == {"parvis", *(f"parvis_{name}" for name in distributions.keys() - modules)}
    assert above == ([{f"parvis_{name}" for name in modules}] if modules else [])
    [through] = [each for each in contracts if "through the sdk only" in each["name"]]
    assert {*through["source_modules"]} == {f"parvis_{name}" for name in distributions.keys() - modules}


def test_tox_installs_every_distribution_and_tries_each_plugin_alone(tox, distributions):
    installed = re.findall(r"-e \./(\S+)", tox["parts"]["house"])
    assert {*installed} == {"sdk", "core", *(f"plugins/{name}" for name in distributions)}
    assert "-e ./testing" in tox["parts"]["testing"]
    assert "oldest" in tox["tox"]["env_list"]
    assert "python tests/alone/alone.py" in tox["testenv:oldest"]["commands"]


def test_what_runs_by_itself_runs_each_environment_of_a_plain_tox(root, tox):
    side_by_side = re.findall(r"run_tox -e (\S+)", (root / ".ci/run").read_text("utf-8"))
    assert sorted(",".join(side_by_side).split(",")) == sorted(tox["tox"]["env_list"].split(", "))
