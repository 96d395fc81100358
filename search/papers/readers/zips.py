"""ZIP files, opened with care: archives, and the documents (DOCX, EPUB) that are such files."""

from __future__ import annotations

import contextlib
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from search.model.errors import PaperError
from search.papers.reader import Limits

_UTF8 = 0x800
_ENCRYPTED = 0x1
_UNICODE_PATH = 0x7075


_MAX_REASON = 160


def reason_of(exc: Exception) -> str:
    """Return what an error of a library says, as one short line."""
    text = " ".join(str(exc).split()) or type(exc).__name__
    return text if len(text) <= _MAX_REASON else text[: _MAX_REASON - 1] + "…"


@contextlib.contextmanager
def open_zip(stream: BinaryIO) -> Iterator[zipfile.ZipFile]:
    """Give a ZIP file; raise PaperError where it is none."""
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, EOFError) as exc:
        raise PaperError(f"the archive is damaged or of another kind: {reason_of(exc)}") from exc
    with archive:
        yield archive


def check_zip(archive: zipfile.ZipFile, limits: Limits, *, document: bool = False) -> None:
    """Raise PaperError for a ZIP file that says it is larger than is read of one file.

    `document` is for a format whose library unpacks all of it at once.
    """
    members = archive.infolist()
    if len(members) > limits.max_members:
        raise PaperError(
            f"{len(members):,} files in it, more than the {limits.max_members:,} that are read "
            "of one; unpack it and index the folder"
        )
    most = limits.max_document_bytes if document else limits.max_unpacked_bytes
    size = sum(info.file_size for info in members)
    if size > most:
        raise PaperError(
            f"{size:,} bytes when unpacked, more than the limit of {most:,} for one file; "
            + ("split the document" if document else "unpack it and index the folder")
        )
    # What one member takes in the file may be said more often than it stands there.
    packed = min(sum(info.compress_size for info in members), _size_of(archive))
    if size > max(packed * limits.max_unpacked_ratio, limits.max_page_bytes):
        raise PaperError(
            f"{size:,} bytes when unpacked, more than {limits.max_unpacked_ratio} times its size, "
            "as no text is; if it is one, "
            + ("save it again" if document else "unpack it and index the folder")
        )


def _size_of(archive: zipfile.ZipFile) -> int:
    stream = archive.fp
    if stream is None:
        return 0
    at = stream.tell()
    size = stream.seek(0, 2)
    stream.seek(at)
    return size


def read_member(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """Return the bytes of a member; raise PaperError where it is missing, broken or too large."""
    try:
        info = archive.getinfo(name)
        if is_encrypted(info):
            raise PaperError("it is protected by a password; save it without one")
        with archive.open(info) as member:
            data = member.read(most + 1)
    except KeyError:
        raise PaperError(f"it is damaged: {name} is missing") from None
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
    ) as exc:
        raise PaperError(f"it is damaged: {name}: {reason_of(exc)}") from exc
    if len(data) > most:
        raise PaperError(f"more than {most:,} bytes, the limit for one page")
    return data


def is_encrypted(info: zipfile.ZipInfo) -> bool:
    """Return whether a member needs a password."""
    return bool(info.flag_bits & _ENCRYPTED)


def member_name(info: zipfile.ZipInfo) -> str:
    """Return the name of a member as it was meant.

    Without the flag for UTF-8 a name is in code page 437, says the standard (APPNOTE 4.4.4,
    D.1); Chinese programs write GBK, and some UTF-8. The field for a Unicode path counts most.
    """
    if info.flag_bits & _UTF8:
        return info.filename
    unicode_path = _unicode_path(info.extra)
    if unicode_path:
        return unicode_path
    try:
        data = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        with contextlib.suppress(UnicodeDecodeError):
            return data.decode(encoding).split("\x00", 1)[0].replace("\\", "/")
    return info.filename


def _unicode_path(extra: bytes) -> str | None:
    """Return the name in the extra field for one (Info-ZIP, 0x7075), without its check sum."""
    at = 0
    while at + 4 <= len(extra):
        kind = int.from_bytes(extra[at : at + 2], "little")
        size = int.from_bytes(extra[at + 2 : at + 4], "little")
        if kind == _UNICODE_PATH and size > 5:
            with contextlib.suppress(UnicodeDecodeError):
                return extra[at + 9 : at + 4 + size].decode("utf-8")
        at += 4 + size
    return None
