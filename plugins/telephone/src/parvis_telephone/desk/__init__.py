"""At the desk: the sheet on which a request is opened for a caller, and whom to call or to write to."""
