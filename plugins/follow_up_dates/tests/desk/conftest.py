"""The desk of a town whose people look again."""

from parvis_testing.desk import *
