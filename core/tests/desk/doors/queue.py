"""The queue, on the page and as a sheet."""

OPENED_BY = {
    ("GET", "/bureau"): {"see"},
    ("GET", "/bureau/liste.csv"): {"see"},
}
