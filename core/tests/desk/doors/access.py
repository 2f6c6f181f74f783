"""Who may see a request, and from whom it is kept."""

OPENED_BY = {("GET", "{base}/acces"): {"see"}, ("POST", "{base}/acces"): {"see"}}
