"""The API offers what it did: paths, parameters, shapes; a change of it is made on purpose and seen in review."""

import difflib
import runpy
from pathlib import Path

HERE = Path(__file__).parent


def test_the_operations_of_the_api_and_their_shapes_are_as_written_down():
    told = list(runpy.run_path(str(HERE / "api_operations.py"))["lines"]())
    kept = (HERE / "api_operations.txt").read_text(encoding="utf-8").splitlines()
    changes = "\n".join(difflib.unified_diff(kept, told, "written down", "now", lineterm=""))
    how = "if this is meant, run `python tests/contracts/api_operations.py > tests/contracts/api_operations.txt`"
    assert told == kept, f"{how}:\n{changes}"


def test_what_is_written_down_tells_parameters_answers_problems_and_members():
    kept = (HERE / "api_operations.txt").read_text(encoding="utf-8").splitlines()
    for line in (
        "PATCH /requests/{reference} (amend_request, requests)",
        '    security [{"token": ["requests:read", "requests:write"]}]',
        '    query within {"maximum": 20000, "minimum": 1, "type": "integer"}',
        '    200 {"application/json": {"schema": {"$ref": "#/components/schemas/RequestShape"}}}',
        "    problems 400 401 403 404 409 410 415 422 428 429 500 503",
        "schema RequestShape",
        '    version* {"type": "integer"}',
    ):
        assert line in kept, line


def test_no_schema_is_named_by_the_file_it_stands_in():
    kept = (HERE / "api_operations.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in kept if line.startswith("schema ") and "." in line] == []
