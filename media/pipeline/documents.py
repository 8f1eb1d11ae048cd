"""What a document really is, by its content; its name must say the same."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from enum import StrEnum
from pathlib import PurePath

from django.utils.translation import gettext as _

from kernel.errors import Invalid, TooLarge, UnsupportedType
from media.pipeline.limits import MAX_UNPACKED_BYTES


class DocumentType(StrEnum):
    """The kinds of documents that are taken; the value is the media type it is served with."""

    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    TXT = "text/plain"
    CSV = "text/csv"


_BY_SUFFIX = {f".{kind.name.lower()}": kind for kind in DocumentType}
_TEXTS = (DocumentType.TXT, DocumentType.CSV)
_MAIN_PART = {"word/document.xml": DocumentType.DOCX, "xl/workbook.xml": DocumentType.XLSX}


def document_type(data: bytes, name: str) -> DocumentType:
    """The kind of ``data``, named ``name``.

    Raises:
        UnsupportedType: another kind, a disguised one, one with macros.
        Invalid: code "damaged_document".
        TooLarge: an office document that unpacks to more than 300 MB.
    """
    said = _BY_SUFFIX.get(PurePath(name).suffix.lower())
    if said is None:
        raise UnsupportedType(_("只能上传 PDF、DOCX、XLSX、TXT 或 CSV 文件。"), field="file")
    real = _content_type(data)
    if real is not said and not (real is DocumentType.TXT and said in _TEXTS):
        values = {"said": said.name, "real": real.name if real else "?"}
        text = _("文件名说是 %(said)s，内容却不是。") % values
        raise UnsupportedType(text, code="disguised_type", field="file", hint=_("请用原来的程序重新导出这个文件。"))
    return said


def _content_type(data: bytes) -> DocumentType | None:
    if data.startswith(b"%PDF-"):
        if b"%%EOF" not in data[-2048:]:
            raise _damaged()
        return DocumentType.PDF
    if data.startswith(b"PK\x03\x04"):
        return _office_type(data)
    return DocumentType.TXT if _is_text(data) else None


def _office_type(data: bytes) -> DocumentType | None:
    """DOCX or XLSX by the directory of the ZIP (ECMA-376 part 2); nothing is unpacked."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise _damaged() from error
    if sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise TooLarge(_("文件解开后太大。"), code="file_too_large", field="file")
    names = {part.filename for part in parts}
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise UnsupportedType(_("带宏的文件不能上传。"), code="has_macros", field="file")
    if "[Content_Types].xml" not in names:
        return None
    return next((kind for part, kind in _MAIN_PART.items() if part in names), None)


def _is_text(data: bytes) -> bool:
    """Whether ``data`` is text in UTF-8 or GB 18030 without control characters."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(unicodedata.category(c) == "Cc" for c in set(text) - set("\t\r\n\f"))
    return False


def _damaged() -> Invalid:
    return Invalid(_("文件打不开：不完整或已损坏。"), code="damaged_document", field="file")
