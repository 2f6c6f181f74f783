"""The desk of a town where something happens to many."""

from parvis_testing.desk import *
