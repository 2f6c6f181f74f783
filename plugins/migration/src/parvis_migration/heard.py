"""What rooms of the core hear: which requests had a number in the system before."""

from parvis.requests.numbers_there import NumberSource
from parvis_migration.origins import references_for

NUMBERS = NumberSource(find=references_for)
