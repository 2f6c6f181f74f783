"""The promised date of a request, moved or paused at the desk with the reason that its requester reads."""
