"""Shared fixtures for tests of the host and its modules: towns, desks, portals, databases, browsers. Not shipped.

A folder of tests takes what it needs in its `conftest.py`: `from parvis_testing.desk import *` brings the fixtures of a
running desk. Fixtures of the machine (databases, browsers) come by themselves where `conftest.py` at the root names
`parvis_testing.databases` and `parvis_testing.machine` as pytest plugins; with `parvis_testing.made_once`, applications
share what each would make again for itself.
"""
