"""Why a file of an office cannot be added: one small class, and one sentence, for each reason."""

from __future__ import annotations

from runtime.errors import BadInput


class FileUnreadable(BadInput):
    """The file cannot be added as it is. Details: ``file``."""

    code = "kb.file_unreadable"


class FileMissing(FileUnreadable):
    """There is no such file, or it may not be read."""

    code = "kb.file_missing"
    status = 404


class FileKindUnknown(FileUnreadable):
    """No reader for this kind of file."""

    code = "kb.file_kind"


class FileMislabelled(FileUnreadable):
    """The content is not what the name says."""

    code = "kb.file_mislabelled"


class FileTooLarge(FileUnreadable):
    """The file is larger than the setting allows. Details: ``size_mb``, ``limit_mb``."""

    code = "kb.file_too_large"
    status = 413


class FileEmpty(FileUnreadable):
    """The file holds no text; a scanned page is a picture."""

    code = "kb.file_empty"


class FileCorrupt(FileUnreadable):
    """The file is damaged."""

    code = "kb.file_corrupt"


class FileEncrypted(FileUnreadable):
    """The file asks for a password."""

    code = "kb.file_encrypted"


class FileBomb(FileUnreadable):
    """The file would unpack to far more than it is."""

    code = "kb.file_bomb"


class FileEncoding(FileUnreadable):
    """The text is in no encoding we read."""

    code = "kb.file_encoding"


class RowBroken(FileUnreadable):
    """A line of a JSONL file is no row of a corpus. Details: ``line``."""

    code = "kb.row_broken"


class ReadingStopped(FileUnreadable):
    """Reading took too long or too much memory."""

    code = "kb.reading_stopped"
