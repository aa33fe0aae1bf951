"""What makes a file no recording we can hear. Words: ``runtime/messages/speech.<lang>.yaml``."""

from __future__ import annotations

from runtime.errors import BadInput, PartMissing


class SoundRefused(BadInput):
    """A file that cannot be heard; every kind below says why."""

    code = "sound.refused"


class SoundFileUnknown(SoundRefused):
    """The file is not there or cannot be read. Details: ``file``."""

    code = "sound.file_unknown"


class SoundEmpty(SoundRefused):
    """Not one byte."""

    code = "sound.empty"


class SoundTooLarge(SoundRefused):
    """More bytes than the limit. Details: ``limit_mb``, ``size_mb``."""

    code = "sound.too_large"
    status = 413


class SoundTooLong(SoundRefused):
    """Longer than the limit. Details: ``limit_minutes``."""

    code = "sound.too_long"


class SoundUnknown(SoundRefused):
    """Not the content of any sound file we take."""

    code = "sound.unknown"


class SoundIsVideo(SoundRefused):
    """A video, whatever its name says."""

    code = "sound.video"


class SoundTrackMissing(SoundRefused):
    """A container that holds no sound."""

    code = "sound.no_track"


class SoundBroken(SoundRefused):
    """Begins like a sound file but cannot be decoded."""

    code = "sound.broken"


class SoundTruncated(SoundRefused):
    """The file ends before its sound does: cut off while it was copied or sent."""

    code = "sound.truncated"


class SpeechModelUnusable(PartMissing):
    """The folder of CMIS_SPEECH_MODEL holds no model that opens. Details: ``folder``."""

    code = "speech.model_unusable"


class SpeechServerSilent(PartMissing):
    """The speech server cannot be reached or takes too long."""

    code = "speech.server_silent"


class SpeechServerRefused(PartMissing):
    """The speech server answered something else than a transcript. Details: ``status``."""

    code = "speech.server_refused"
