"""The API of a town that keeps checklists."""

from parvis.testing.api import *
