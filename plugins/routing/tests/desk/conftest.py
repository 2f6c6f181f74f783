"""The desk of a town that writes rules of routing."""

from parvis_testing.desk import *
