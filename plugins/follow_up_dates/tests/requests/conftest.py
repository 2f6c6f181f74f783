"""Requests of a town whose people look again."""

from parvis_testing.requests import *
