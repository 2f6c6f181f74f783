"""What a town says of a service stands over the words of its author."""


def test_a_town_says_of_a_service_what_it_wants_over_the_words_of_its_author(small_town):
    from parvis.jurisdictions.services import SERVICES, in_the_words_of
    from parvis_sdk.about import About, Answer
    from parvis_sdk.text import Text

    small_town.write(
        "essai/services.toml",
        """
[leak]
cost = { fr = "12 $", en = "$12" }
without = ["old"]

[[leak.next]]
text = { fr = "On vient.", en = "We come." }

[[leak.answers]]
code = "when"
question = { fr = "Quand?", en = "When?" }
answer = { fr = "Demain.", en = "Tomorrow." }
""",
    )
    said = Text(fr="mot", en="word")
    theirs = tuple(Answer(code=code, question=said, answer=said) for code in ("when", "old", "how"))
    about = About(who=said, cost=said, next=(said, said), answers=theirs)
    shared = (Answer(code="shared", question=said, answer=said),)
    ours = in_the_words_of(SERVICES.of(small_town.load())["leak"], about, shared)
    assert (ours.who, ours.cost.en, [line.fr for line in ours.next]) == (said, "$12", ["On vient."])
    assert [answer.code for answer in ours.answers] == ["when", "how", "shared"]
    assert ours.answers[0].answer.fr == "Demain."
    assert in_the_words_of(None, about, ()) == about
