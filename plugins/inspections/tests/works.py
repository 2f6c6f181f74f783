"""A request type with two inspections, one after the other, as tests of visits use it."""

from parvis_sdk.inspections import Inspection, Point
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Phase
from parvis_sdk.workflow import State, Transition, Workflow
from parvis_testing.town import HOLE, said

FOOTING = Inspection(
    code="footing",
    title=said("Semelles", "Footings"),
    prepare=said("Laissez le coffrage ouvert.", "Leave the forms open."),
    points=(
        Point(code="depth", title=said("Profondeur", "Depth"), article=said("Règl. 1, art. 5"), photo=True),
        Point(code="drain", title=said("Drain", "Drain")),
    ),
)
FINAL = Inspection(
    code="final",
    title=said("Finale", "Final"),
    points=(Point(code="stairs", title=said("Escalier", "Stairs")),),
    follows=("footing",),
    during=("working",),
)
WORKS = RequestType(
    code="works",
    title=said("Travaux", "Works"),
    summary=said("Des travaux", "Works"),
    slug=said("travaux", "works"),
    theme=HOLE.theme,
    form=HOLE.form,
    workflow=Workflow(
        states=(
            State(code="received", title=said("Reçue"), phase=Phase.RECEIVED),
            State(
                code="working",
                title=said("En travaux"),
                phase=Phase.IN_PROGRESS,
                brings=("inspection.footing.wanted", "inspection.final.wanted"),
            ),
            State(code="paused", title=said("En pause"), phase=Phase.IN_PROGRESS),
            State(code="compliant", title=said("Conforme", "Compliant"), phase=Phase.CLOSED),
            State(code="stopped", title=said("Arrêtée"), phase=Phase.CLOSED, brings=("inspection.footing.waived",)),
        ),
        transitions=(
            Transition(code="begin", title=said("Commencer"), sources=("received",), target="working"),
            Transition(code="pause", title=said("Suspendre"), sources=("working",), target="paused"),
            Transition(code="resume", title=said("Reprendre"), sources=("paused",), target="working"),
            Transition(code="stop", title=said("Arrêter"), sources=("working",), target="stopped"),
            Transition(
                code="comply",
                title=said("Constater la conformité"),
                sources=("working",),
                target="compliant",
                by=("system",),
                needs=("inspection.footing.passed", "inspection.final.passed"),
                after=("inspection.footing.passed", "inspection.final.passed"),
            ),
        ),
    ),
    retention=HOLE.retention,
    parts=(
        FOOTING,
        FINAL,
    ),
)
