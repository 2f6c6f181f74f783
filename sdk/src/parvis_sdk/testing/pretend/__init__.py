"""Every kind of part as the pretend desk plays it, by the same rules of the sdk as the host."""
