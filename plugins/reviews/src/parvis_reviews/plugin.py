"""What this module brings."""

from parvis.modules import KeyScope, Module, Right
from parvis_sdk.text import Text

MODULE = Module(
    name="reviews",
    title=Text(fr="Avis", en="Reviews"),
    summary=Text(
        fr="Des unités et des organismes externes donnent leur avis avant que la Ville décide.",
        en="Units and bodies outside give their opinions before the town decides.",
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
        Right(name="opinions", title=Text(fr="lire les avis", en="read opinions")),
        Right(name="review", title=Text(fr="donner des avis", en="give opinions")),
    ),
    scopes=(
        KeyScope(
            name="tasks:read",
            title=Text(
                fr="Lire les tâches et les avis que son unité peut lire",
                en="Read tasks and the opinions that its unit may read",
            ),
            rights=("opinions",),
        ),
        KeyScope(
            name="tasks:write",
            title=Text(
                fr="La même chose, et donner des avis pour son unité", en="The same, and give opinions for its unit"
            ),
            rights=("opinions", "review"),
        ),
    ),
)
