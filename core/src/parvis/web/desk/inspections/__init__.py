"""Inspections at the desk: what waits for a visit, one visit with its results, the round of a day."""

from parvis.web.desk.inspections import planning, rounds, visit

HANDLERS = (planning.show_planning, planning.plan_ticked, rounds.show_round, *visit.HANDLERS)
