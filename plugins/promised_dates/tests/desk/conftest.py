"""The desk of a town whose people change promised dates."""

from parvis_testing.desk import *
