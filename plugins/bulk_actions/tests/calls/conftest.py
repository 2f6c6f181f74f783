"""The API of a town that keeps checklists."""

from parvis_testing.api import *
