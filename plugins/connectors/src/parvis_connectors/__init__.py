"""Other systems that a town speaks to: their news, how each stands, what was said, the layers they bring."""
