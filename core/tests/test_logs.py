"""Log lines hold what an operator needs and nothing of a person, also when something breaks."""

import json
import logging

import pytest
import structlog

from parvis.example_towns import town_folder
from parvis.logs import begin_logging
from parvis.settings import Settings
from parvis_testing import plain_log

PERSON = "zoe@exemple.ca"


pytestmark = pytest.mark.usefixtures("logging_as_before")


def settings(tmp_path, log):
    return Settings(territory=town_folder(), secret_key="s" * 40, data=tmp_path, log=log)


def break_with(email):
    raise ValueError("it broke")


@pytest.mark.parametrize("log", ["readable", "json"])
def test_a_crash_is_logged_without_the_values_of_variables(tmp_path, capsys, log):
    begin_logging(settings(tmp_path, log))
    try:
        break_with(PERSON)
    except ValueError as error:
        structlog.get_logger("parvis.web").error("crash", exc_info=error)
    written = capsys.readouterr().err
    assert "it broke" in written
    assert "break_with" in written
    assert PERSON not in written


def test_a_crash_in_a_library_keeps_its_trace_in_json(tmp_path, capsys):
    begin_logging(settings(tmp_path, "json"))
    try:
        break_with(PERSON)
    except ValueError:
        logging.getLogger("uvicorn.error").exception("it went wrong")
    line = json.loads(capsys.readouterr().err)
    assert "break_with" in line["exception"]
    assert PERSON not in line["exception"]


def test_json_lines_carry_the_id_of_the_request(tmp_path, capsys):
    begin_logging(settings(tmp_path, "json"))
    with structlog.contextvars.bound_contextvars(request_id="abc"):
        structlog.get_logger("parvis.web").warning("slow", ms=12)
    line = json.loads(capsys.readouterr().err)
    assert (line["request_id"], line["event"], line["level"], line["ms"]) == ("abc", "slow", "warning", 12)


def test_in_tests_too_a_crash_is_logged_without_them(capsys, pytestconfig):
    """To write the variables of a whole town took a minute of a processor, for each answer with status 500."""
    assert pytestconfig.pluginmanager.hasplugin("parvis_testing.plain_log")
    structlog.reset_defaults()  # what a command in an earlier test of this process configured
    plain_log.pytest_configure(pytestconfig)
    try:
        break_with(PERSON)
    except ValueError as error:
        structlog.get_logger("parvis.web").error("crash", exc_info=error)
    written = capsys.readouterr().out
    assert "break_with" in written
    assert PERSON not in written
