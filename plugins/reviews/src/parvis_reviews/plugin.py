"""What this module brings."""

from parvis.modules import KeyScope, Module, Right
from parvis_sdk.text import Text

MODULE = Module(
    name="reviews",
    title=Text(fr="Avis", en="Reviews"),
    summary=Text(
        fr="Avis demandés à des unités et à des organismes externes avant une décision.",
        en="Opinions requested from units and external organizations before a decision.",
    ),
    host=">=0.1,<0.2",
    may_use=("demo",),
    tables="parvis_reviews.tables",
    steps="parvis_reviews.migrations",
    personal="parvis_reviews.outside_keys",
    words="parvis_reviews.review_titles",
    part_kinds="parvis_reviews.review_parts",
    desk="parvis_reviews.desk",
    portal="parvis_reviews.portal",
    resident="parvis_reviews.resident",
    api="parvis_reviews.api",
    chores="parvis_reviews.chores",
    demo="parvis_reviews.demo",
    town_files="parvis_reviews.town_reviewers",
    rights=(  # of keys alone: people work
        Right(name="opinions", title=Text(fr="consulter les avis", en="read opinions")),
        Right(name="review", title=Text(fr="donner des avis", en="give opinions")),
    ),
    scopes=(
        KeyScope(
            name="tasks:read",
            title=Text(
                fr="Consulter les tâches et les avis accessibles à son unité",
                en="Read the tasks and opinions available to the unit",
            ),
            rights=("opinions",),
        ),
        KeyScope(
            name="tasks:write",
            title=Text(
                fr="Consulter ces tâches et ces avis, et donner des avis pour son unité",
                en="Read these tasks and opinions, and give opinions for the unit",
            ),
            rights=("opinions", "review"),
        ),
    ),
)
