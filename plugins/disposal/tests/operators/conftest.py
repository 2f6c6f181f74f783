"""The operators’ pages of a town that destroys what was kept for its time."""

from parvis_testing.operators import *
