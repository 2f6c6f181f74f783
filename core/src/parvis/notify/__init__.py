"""A built-in plugin: tells requesters and followers of each visible step, on the same hooks as any vendor's plugin."""
