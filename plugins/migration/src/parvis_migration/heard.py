"""What the module answers to the core's hooks: requests by their number in the former system."""

from parvis.requests.numbers_there import NumberSource
from parvis_migration.origins import references_for

NUMBERS = NumberSource(find=references_for)
