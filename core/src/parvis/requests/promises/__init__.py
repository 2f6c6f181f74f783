"""Promises in time: allowed, running, resting, moved, warned of, broken, measured."""
