"""At the desk: the sheet on which a request is opened for somebody at the telephone or the counter."""
