"""The desk of a town whose programs make their own webhooks."""

from parvis_testing.desk import *
