"""A file that may be asked to be completed, or was, as the API files it; and what its operations take."""

from msgspec import structs

from parvis.requests.records import Record
from parvis_sdk.forms import Form
from parvis_sdk.supplements import Point
from parvis_supplements.marking import ask
from parvis_testing.crowded import KEY, TOKEN, scene
from parvis_testing.town import ANA

from .filing import FIELDS, FILE

PLAN = structs.replace(FIELDS[-1], required=False)
FILED = structs.replace(
    FILE, form=Form(sections=(structs.replace(FILE.form.sections[0], fields=(*FIELDS[:-1], PLAN)),))
)
ANSWERS = {"work": "shed", "begins": "2099-10-03"}


async def studied(api):
    return (await scene(api, "file", answers=ANSWERS, code="completeness"))[0]


async def incomplete(api):
    found, record = await scene(api, "file", answers=ANSWERS, code="completeness")
    points = [Point(field="begins", words="Un dimanche.")]
    asked = {"transition": "complete", "raw": {}, "actor": ANA, "mover": "agent"}
    assert isinstance(await ask(api.host, record.reference, "completeness", points, **asked), Record)
    return found


# By the id of each operation: the situation that it needs, bodies that it takes, and who calls.
SENT = {
    "prepare_supplement": (
        studied,
        ({"points": [{"field": "begins", "reason": "", "words": "Un dimanche"}], "due_on": ""},),
        (TOKEN,),
    ),
    "send_supplement": (
        studied,
        (
            {
                "points": [{"field": "begins", "reason": "", "words": "Un dimanche"}],
                "due_on": "",
                "answers": {},
                "version": 1,
            },
        ),
        (TOKEN,),
    ),
    "answer_supplement": (
        incomplete,
        ({"answers": {"begins": "2099-02-01"}, "words": {"begins": "Voilà"}, "beside": [], "files": [], "upload": ""},),
        (KEY,),
    ),
}
