"""The desk of a town that keeps checklists."""

from parvis_testing.desk import *
