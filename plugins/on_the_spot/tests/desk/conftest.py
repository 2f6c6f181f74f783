"""The desk of a town where requests begin on the spot."""

from parvis_testing.desk import *
