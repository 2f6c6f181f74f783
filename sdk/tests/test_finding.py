"""Which request types the words that people type lead to, so that an author sees which keywords are missing."""

from msgspec import structs

from parvis_sdk.testing import types_found
from parvis_sdk.testing.samples import SAMPLE
from parvis_sdk.text import Text

TREE = structs.replace(
    SAMPLE, code="tree", title=Text(fr="Arbre à élaguer", en="Tree to prune"), keywords=(Text(fr="œuf", en="egg"),)
)
TYPES = {"sample": SAMPLE, "tree": TREE}


def test_a_type_is_found_by_its_words_in_both_languages_whatever_their_accents():
    assert types_found(TYPES, "ÉLAGUER un arbre") == types_found(TYPES, "pruning") | {"tree"} == {"tree"}
    assert types_found(TYPES, "oeufs") == set()
    assert types_found(TYPES, "oeuf") == types_found(TYPES, "egg") == {"tree"}


def test_every_word_must_begin_one_that_the_type_knows_and_small_words_count_for_nothing():
    assert types_found(TYPES, "the tree") == {"tree"}
    assert types_found(TYPES, "tree lamp") == set()
    assert types_found(TYPES, "essai") == {"sample", "tree"}  # both are of that theme
