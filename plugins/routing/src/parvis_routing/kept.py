"""The rules of routing as a rule set of the town: where their versions are kept, and with which it begins."""

from msgspec import structs

from parvis.requests.levels import RulesetInForce
from parvis_routing.rules import Rules, of_files
from parvis_routing.tables import RuleDraft, RuleSet
from parvis_rulesets.editing import Edit, EditConflict
from parvis_rulesets.versions import Ruleset, VersionSheet
from parvis_sdk.text import Text

NAME = "routing"  # of the module


class StandingRules(dict[str, RulesetInForce[Rules]]):
    """The rules by which requests are routed, by town, as this process last read them."""


ROUTING = Ruleset(
    body=Rules,
    of_files=of_files,
    files_word="Règles des fichiers de la ville",
    in_file="The first rule that fits decides; every condition written in a rule must hold.",
    versions=RuleSet,
    drafts=RuleDraft,
    remembered=StandingRules,
    sheet=VersionSheet(
        name="procedures/routing.csv",
        title=Text(
            fr="Règles d’acheminement en vigueur pendant la période",
            en="Routing rules in force during the period",
        ),
        file="procedures/routing/rules-{}.toml",
        whole=Text(fr="texte complet des règles", en="full text of the rules"),
    ),
)
PROCEDURES = (ROUTING,)


def defaulting(unit: str, saw: str) -> Edit[Rules]:
    """The unit of what no rule fits, in the place of the one that was seen."""
    return lambda rules: structs.replace(rules, default=unit) if rules.default in (saw, unit) else EditConflict()
