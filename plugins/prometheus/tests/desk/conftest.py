"""The desk of an installation that monitors read."""

from parvis_testing.desk import *
