"""A supplement whose rule is looked at by nobody."""

from parvis_bad.sound import FEE, LAMPS, POLE, lamp, said
from parvis_sdk.hooks import hookimpl
from parvis_sdk.starter_kit import form
from parvis_sdk.supplements import Rule, Supplement

ASKED = Supplement(
    code="asked",
    title=said("Compléments", "Supplements"),
    rules=(Rule(code="pole", title=said("Numéro", "Number"), says=said("Quel poteau?", "Which pole?"), field="pole"),),
)
LAMP = lamp(form=form(LAMPS, POLE), parts=(FEE, ASKED))


@hookimpl
def request_types():
    return [LAMP]


# kit: parvis_bad/plugin.py:11 · request type 'lamp' · supplement 'asked' · rules · nothing looks at its rules · the
#     plugin is left out · bring 'supplement.asked.checked' about in a state or by a move
# kit: parvis_bad/plugin.py:11 · request type 'lamp' · supplement 'asked' · rules · nothing sends what its rules ask
#     for · the plugin is left out · make the transition that asks for it after 'supplement.asked.lacking'
# host: bad (parvis-bad 1.0) · request_types() · parvis_bad/plugin.py:11 · request type 'lamp' · supplement 'asked' ·
#     rules · nothing looks at its rules · the plugin is left out · bring 'supplement.asked.checked' about in a state
#     or by a move
# host: bad (parvis-bad 1.0) · request_types() · parvis_bad/plugin.py:11 · request type 'lamp' · supplement 'asked' ·
#     rules · nothing sends what its rules ask for · the plugin is left out · make the transition that asks for it after
#     'supplement.asked.lacking'
