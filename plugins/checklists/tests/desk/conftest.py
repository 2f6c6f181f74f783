"""The desk of a town that keeps checklists."""

from parvis.testing.desk import *
