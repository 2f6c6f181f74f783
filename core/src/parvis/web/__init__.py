"""The pages: the shell around them, the portal of the residents, the desk of the town, the operators' room."""
