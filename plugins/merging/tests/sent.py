"""What the operations of this module take, by their ids: the situation, bodies, who calls."""

from parvis_testing.crowded import TOKEN, reported

SENT = {
    "tie_request": (reported, ({"kind": "about", "other": "7K3M-9QXT-4", "version": 1},), (TOKEN,)),
    "end_tie": (reported, ({"kind": "duplicate_of", "other": "7K3M-9QXT-4", "version": 1},), (TOKEN,)),
    "split_request": (
        reported,
        ({"type": "hole", "words": "Le chien mort", "files": [], "version": 1},),
        (TOKEN,),
    ),
}
