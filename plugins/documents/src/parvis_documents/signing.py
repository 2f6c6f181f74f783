"""The town's electronic signature on a document (PAdES, baseline B). Loaded only where a town has a key."""

import io
from datetime import datetime
from typing import Any

from pyhanko.pdf_utils.extensions import DeveloperExtension
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, PdfObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import PdfSigningSession

from parvis_seals.seals import NotSigned, Seal

FIELD = "Signature"
ROOM = 24_576  # of hexadecimal digits for the signature with all its certificates


def signed(pdf: bytes, seal: Seal, *, at: datetime, label: str) -> bytes:
    """The same document with the town's signature, which forbids every change after it. Blocks: call it in a thread."""
    if not seal.begins <= at <= seal.ends:
        raise NotSigned(f"the certificate of {seal.holder} holds from {seal.begins} to {seal.ends}")
    writer, out = Writer(io.BytesIO(pdf)), io.BytesIO()
    append_signature_field(writer, SigFieldSpec(FIELD, readable_field_name=label))
    if is_tagged(writer):
        tag_signature(writer)
    meaning = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    try:
        ClockedSigner(meaning, seal.signer, at).sign_pdf(
            writer, existing_fields_only=True, bytes_reserved=ROOM, output=out
        )
    except (SigningError, PdfError) as error:
        raise NotSigned(str(error)) from error
    return out.getvalue()


class Writer(IncrementalPdfFileWriter):
    """Adds the signature and leaves the rest as it is: PDF/A-2 knows no version 2.0, which some keys ask for."""

    def ensure_output_version(self, version: tuple[int, int]) -> None:
        """It stays what it was."""

    def register_extension(self, ext: DeveloperExtension) -> None:
        if ext.base_version != NameObject("/2.0"):
            super().register_extension(ext)


class ClockedSigner(PdfSigner):
    """A signer whose time is that of `parvis.clock`."""

    def __init__(self, meaning: PdfSignatureMetadata, signer: SimpleSigner, at: datetime) -> None:
        super().__init__(meaning, signer)
        self.at = at

    def init_signing_session(self, *given: Any, **named: Any) -> PdfSigningSession:
        session = super().init_signing_session(*given, **named)
        session.system_time = self.at
        return session


def is_tagged(writer: IncrementalPdfFileWriter) -> bool:
    """Whether the structure of the document has a place for its signature, as ours has; a plugin may make another."""
    if "/StructTreeRoot" not in writer.root:
        return False
    tree, fields = writer.root["/StructTreeRoot"], writer.root["/AcroForm"]["/Fields"]
    named = {"/K", "/ParentTree", "/ParentTreeNextKey"}.issubset(tree) and "/Nums" in tree["/ParentTree"]
    return named and isinstance(tree["/K"], ArrayObject) and len(fields) == 1


def tag_signature(writer: IncrementalPdfFileWriter) -> None:
    """Tag the signature's field in the structure of the document, as PDF/UA requires of every field.

    A screen reader announces that the document is signed; nothing of it is printed.
    """
    field, tree = writer.root["/AcroForm"]["/Fields"].raw_get(0), writer.root["/StructTreeRoot"]
    page = writer.find_page_for_modification(0)[0]  # type: ignore[no-untyped-call]
    tops, numbers = tree["/K"], tree["/ParentTree"]["/Nums"]
    top = tops.raw_get(0)
    key = int(tree["/ParentTreeNextKey"])
    place = {"/Type": NameObject("/OBJR"), "/Obj": field, "/Pg": page}
    element = writer.add_object(
        _dictionary(
            {"/Type": NameObject("/StructElem"), "/S": NameObject("/Form"), "/P": top, "/K": _dictionary(place)}
        )
    )
    top.get_object()["/K"].append(element)
    numbers.extend((_number(key), element))
    tree[NameObject("/ParentTreeNextKey")] = _number(key + 1)
    field.get_object()[NameObject("/StructParent")] = _number(key)
    page.get_object()[NameObject("/Tabs")] = NameObject("/S")
    for changed in (top, field, page, tree.container_ref, numbers.container_ref):
        writer.mark_update(changed)


def _dictionary(values: dict[str, PdfObject]) -> DictionaryObject:
    named = {NameObject(name): value for name, value in values.items()}
    return DictionaryObject(named)  # type: ignore[no-untyped-call]


def _number(value: int) -> NumberObject:
    return NumberObject(value)  # type: ignore[no-untyped-call]
