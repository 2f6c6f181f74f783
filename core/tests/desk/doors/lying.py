"""What is left lying."""

OPENED_BY = {("GET", "/bureau/ce-qui-traine"): {"see"}}
