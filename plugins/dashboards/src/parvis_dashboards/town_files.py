"""What dashboards read in the file of a town: what it aims for, and what is asked of a quality sample."""

from parvis_dashboards.quality_criteria import CRITERIA
from parvis_dashboards.town_targets import TARGETS

TOWN_FILES = (TARGETS, CRITERIA)
