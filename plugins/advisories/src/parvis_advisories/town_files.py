"""What this module reads in the folder of a town."""

from parvis_advisories.schedules import SCHEDULES
from parvis_advisories.town_notices import NOTICES

TOWN_FILES = (NOTICES, SCHEDULES)
