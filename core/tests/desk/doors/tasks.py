"""The list of tasks; a task that is there has tests of its own."""

OPENED_BY = {
    ("GET", "/bureau/taches"): {"work"},
}
APART = ("/bureau/taches/",)
