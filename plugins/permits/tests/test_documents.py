"""What the town issues to applicants says what was decided, in words that are complete in both languages."""

import pytest

from parvis_permits.construction.permit import CONSTRUCTION
from parvis_permits.event import EVENT
from parvis_permits.occupation.permit import OCCUPATION
from parvis_permits.sign import SIGN
from parvis_sdk.documents import Document

PERMITS = (CONSTRUCTION, OCCUPATION, SIGN, EVENT)


@pytest.mark.parametrize("request_type", PERMITS, ids=lambda request_type: request_type.code)
def test_every_permit_has_its_document_its_refusal_and_its_letter(request_type):
    moves = {move.code: request_type.workflow.brought_by(move) for move in request_type.workflow.transitions}
    assert "document.permit.issued" in moves["issue"]
    assert "document.refusal.issued" in moves["refuse"]
    assert "document.letter.issued" in moves["need_information"]
    assert "document.permit.revoked" in moves["revoke"]


@pytest.mark.parametrize("request_type", PERMITS, ids=lambda request_type: request_type.code)
def test_documents_speak_english_too(request_type):
    for document in request_type.of(Document):
        texts = (document.title, document.lead, document.body, document.closing, *document.labels.values())
        assert all(text.en for text in texts if text is not None)


def test_no_two_kinds_of_document_share_a_series():
    numbers = {document.number: document.title for request_type in PERMITS for document in request_type.of(Document)}
    assert all(
        document.title == numbers[document.number] for request_type in PERMITS for document in request_type.of(Document)
    )
