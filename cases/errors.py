"""What the record refuses. Words: ``runtime/messages/cases.<lang>.yaml``."""

from __future__ import annotations

from runtime.errors import BadInput, Conflict, Forbidden, NotFound, Unauthenticated


class LoginRefused(Unauthenticated):
    """Unknown name or wrong password; which of the two is never said."""

    code = "login.refused"


class LoginLocked(Unauthenticated):
    """Too many failures; the account rests for a while. Details: ``minutes``."""

    code = "login.locked"


class PasswordWrong(BadInput):
    """The present password is not right."""

    code = "password.wrong"


class PasswordWeak(BadInput):
    """Too short, unchanged, or the login itself. Details: ``least`` characters."""

    code = "password.weak"


class PasswordDue(BadInput):
    """Somebody else set the password: its owner changes it before anything else."""

    code = "password.due"
    status = 403


class CaseUnseen(NotFound):
    """No such case, or not for this person."""

    code = "case.unseen"


class CodeUnknown(BadInput):
    """Not a code of the code book. Details: ``problem_code``."""

    code = "case.code_unknown"


class FlagSettled(BadInput):
    """Not a flag of this case that waits for a person's word."""

    code = "case.flag_settled"


class KeyReused(Conflict):
    """The Idempotency-Key was given before, with another story."""

    code = "case.key_reused"


class StoryChanged(Conflict):
    """Somebody added to the story since it was read; nothing was written."""

    code = "case.story_changed"


class ReceivedWhen(BadInput):
    """The day a story was received lies in the future or before anybody's memory."""

    code = "case.received_at"


class DraftRunning(Conflict):
    """A draft of this case is already under way."""

    code = "draft.running"


class DraftEnded(Conflict):
    """The draft has ended; there is nothing to stop."""

    code = "draft.ended"


class SentenceUnknown(NotFound):
    """The version has no such sentence. Details: ``sentence_id``."""

    code = "review.sentence_unknown"


class DecisionIncomplete(BadInput):
    """An edit needs new words and a reason; a strike needs a reason."""

    code = "review.incomplete"


class EditUnchanged(BadInput):
    """An edit that says what stood there before. Details: ``sentence_id``."""

    code = "review.unchanged"


class FlaggedAccepted(BadInput):
    """A flagged sentence can be edited or struck, not accepted. Details: ``sentence_id``."""

    code = "review.flagged"


class ReviewConflict(Conflict):
    """Somebody decided first. Details: ``sentence_id``, ``theirs``, ``yours``."""

    code = "review.conflict"


class VersionApproved(Conflict):
    """An approved version cannot be changed any more."""

    code = "review.approved"


class ApprovalIncomplete(Conflict):
    """Items are still undecided or flagged. Details: ``count``."""

    code = "approval.incomplete"


class ApprovalOfOther(Conflict):
    """The hash is not that of this version."""

    code = "approval.other_content"


class ApprovalForbidden(Forbidden):
    """This role may not approve."""

    code = "approval.forbidden"


class TwoPeopleNeeded(Forbidden):
    """This office wants another person to approve."""

    code = "approval.two_people"


class VersionOutdated(Conflict):
    """A newer version of the plan exists."""

    code = "approval.outdated"


class RecordingUnseen(NotFound):
    """No such recording, or not for this person."""

    code = "recording.unseen"


class RecordingElsewhere(Conflict):
    """The same sound belongs to a case this person may not see."""

    code = "recording.elsewhere"


class RecordingTaken(Conflict):
    """A case was opened from this recording already."""

    code = "recording.taken"


class TranscriptPending(Conflict):
    """The transcript is not done yet."""

    code = "transcript.pending"


class TranscriptChanged(Conflict):
    """Somebody wrote first. Details: ``revision`` of the newest text."""

    code = "transcript.changed"


class TranscriptTooLong(BadInput):
    """Longer than a story may be. Details: ``limit``."""

    code = "transcript.too_long"


class PaperUnknown(BadInput):
    """No such kind of document or letter. Details: ``type_id``."""

    code = "document.unknown"


class PaperNotYours(Forbidden):
    """This role may not draft or sign that kind. Details: ``title``."""

    code = "document.not_yours"


class PaperOfOther(BadInput):
    """The document or letter is of another kind than the one named. Details: ``title``."""

    code = "document.other_kind"


class DocumentSuperseded(Conflict):
    """There is a newer version of the document."""

    code = "document.superseded"


class DocumentHeld(Conflict):
    """A legal hold keeps everything of the case."""

    code = "document.held"


class DocumentUnapproved(Conflict):
    """An approval of this version was asked for and is not given."""

    code = "document.unapproved"


class CardNeeded(Forbidden):
    """Only an appointed official may sign it, and shows a card. Details: ``title``."""

    code = "document.card_needed"


class DocumentUnseen(CaseUnseen):
    """No such document, or not for this person."""

    code = "document.unseen"


class DocumentTheirs(Forbidden):
    """It was made by the case's own workers, or by yet another agency."""

    code = "document.theirs"


class DocumentSigned(Conflict):
    """A signed document is not changed any more."""

    code = "document.signed"


class DocumentWithdrawn(Conflict):
    """The document was withdrawn."""

    code = "document.withdrawn"


class ReasonNeeded(BadInput):
    """Refusing or withdrawing needs a reason, sending a receiver."""

    code = "document.reason_needed"


class DrawerForeign(Conflict):
    """Words written by somebody else than who is signed in by now."""

    code = "drawer.foreign"
