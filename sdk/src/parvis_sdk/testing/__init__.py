"""The test kit for plugin authors: a contract to inherit, a pretend desk, a scripted other system, random answers."""

from typing import TYPE_CHECKING

from parvis_sdk.renamed import now_at
from parvis_sdk.testing.answers import Answers, answers_for
from parvis_sdk.testing.cases import Case
from parvis_sdk.testing.contract import PluginContract
from parvis_sdk.testing.desk import Desk
from parvis_sdk.testing.exchange import Exchange
from parvis_sdk.testing.finding import types_found
from parvis_sdk.testing.hostile import HOSTILE, hostile_answers_for
from parvis_sdk.testing.rehearsal import Rehearsed, rehearse
from parvis_sdk.testing.scanners import VirusScannerContract
from parvis_sdk.testing.stores import FileStoreContract
from parvis_sdk.testing.submissions import Submissions, submission_for
from parvis_sdk.testing.vectors import CONDITION_VECTORS, ConditionVector
from parvis_sdk.testing.weathers import WEATHERS, Weather

__all__ = [
    "CONDITION_VECTORS",
    "HOSTILE",
    "WEATHERS",
    "Answers",
    "Case",
    "ConditionVector",
    "Desk",
    "Exchange",
    "FileStoreContract",
    "PluginContract",
    "Rehearsed",
    "Submissions",
    "VirusScannerContract",
    "Weather",
    "answers_for",
    "hostile_answers_for",
    "rehearse",
    "submission_for",
    "types_found",
]

if not TYPE_CHECKING:
    __getattr__ = now_at(__name__, __name__, Demands="Submissions", demand_for="submission_for")
