"""A kit for authors of plugins: a contract to inherit, a pretend desk, a scripted outside, answers for any form."""
