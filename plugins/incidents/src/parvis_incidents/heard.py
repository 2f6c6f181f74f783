"""What the module answers to the core's hooks: advice before filing, incidents to join, outcome of announcements."""

from parvis.rereading import Reread
from parvis_incidents.advice import ADVICE, NOTICES
from parvis_incidents.attaching import GATHERING
from parvis_incidents.bulletin import reread
from parvis_incidents.operations import UNDER_WAY_HERE
from parvis_incidents.questions import QUESTIONS
from parvis_incidents.telling import LEDGER

__all__ = ["ADVICE", "BULLETIN", "GATHERING", "LEDGER", "NOTICES", "QUESTIONS", "UNDER_WAY_HERE"]
BULLETIN = Reread(look=reread)
