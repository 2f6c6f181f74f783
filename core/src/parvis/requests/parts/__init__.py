"""The parts of a request beside its workflow, each behind the same few functions; the lifecycle knows only those."""
