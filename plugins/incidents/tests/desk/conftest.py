"""The desk of a town where something happens to many."""

from parvis.testing.desk import *
