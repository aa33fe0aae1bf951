"""What casework refuses. Words: ``runtime/messages/casework.<lang>.yaml``."""

from __future__ import annotations

from cases.rows import Row
from runtime.errors import BadInput, Conflict, Forbidden, NotFound


class ConsentUnfit(BadInput):
    """The consent lacks something. Details: ``what``."""

    code = "consent.unfit"


class ConsentUnseen(NotFound):
    """No such consent, or not for this person."""

    code = "consent.unseen"


class ConsentTheirs(Forbidden):
    """It was given to other agencies; the case's own workers withdraw it."""

    code = "consent.theirs"


class ConsentWithdrawn(Conflict):
    """Withdrawn already."""

    code = "consent.withdrawn"


class ReferralUnseen(NotFound):
    """No such referral, or not for this person."""

    code = "referral.unseen"


class ReferralUnfit(BadInput):
    """The letter asks for what its purpose or basis does not allow. Details: ``what``."""

    code = "referral.unfit"


class NoConsentHolds(Conflict):
    """No consent that holds names this purpose and this agency."""

    code = "referral.no_consent"


class ReferralStep(Conflict):
    """The referral has gone another way. Details: ``status``."""

    code = "referral.step"


class ReferralUnsigned(Conflict):
    """Whoever sent it must have it approved first."""

    code = "referral.unsigned"


class NotTheParty(Forbidden):
    """It is for the other agency to say."""

    code = "referral.party"


class GlassReason(BadInput):
    """Breaking the glass needs a reason of some length. Details: ``least``."""

    code = "glass.reason"


class GlassUnseen(NotFound):
    """No such case or opening."""

    code = "glass.unseen"


class GlassOwn(Forbidden):
    """Nobody reviews their own opening."""

    code = "glass.own"


class GlassNeedless(Conflict):
    """The case is the person's own agency's: nothing keeps them from opening it."""

    code = "glass.needless"


class GlassMany(Conflict):
    """Earlier emergency openings of the same person wait for their review."""

    code = "glass.many"


class EntryUnfit(BadInput):
    """An entry's fields do not fit its form. Details: ``fields``."""

    code = "entry.unfit"


class StepClosed(Conflict):
    """The case is not where this may be recorded. Details: ``kind``, ``missing``."""

    code = "step.closed"


class ServiceUnseen(NotFound):
    """No such service, or not for this agency."""

    code = "service.unseen"


class DeadlineUnseen(NotFound):
    """No such deadline, or it is done."""

    code = "deadline.unseen"


class DeadlineTheirs(Forbidden):
    """Added by the case's own workers, or theirs alone: danger, and what the law limits."""

    code = "deadline.theirs"


class DeadlineReason(BadInput):
    """What need not be done any more says why."""

    code = "deadline.reason"


class DeadlineEarlier(Conflict):
    """An ending is taken back on its own day alone."""

    code = "deadline.earlier"


class DeadlineBuiltOn(Conflict):
    """An entry, a plan or a closure ended it, or went by its ending."""

    code = "deadline.built_on"


class TakingBackReason(BadInput):
    """An ending that is taken back says why."""

    code = "deadline.back_reason"


class DeadlineFixed(BadInput):
    """A limit of the law is not put off, and any other only to a later moment."""

    code = "deadline.fixed"


class ConferenceUnseen(NotFound):
    """No such conference, or not for this person."""

    code = "conference.unseen"


class ConferenceOver(Conflict):
    """The conference has decided or is closed."""

    code = "conference.over"


class ConferenceOutdated(Conflict):
    """The plan has a newer version than the one conferred on. Details: ``version_id``."""

    code = "conference.outdated"


class ConferenceUnfit(BadInput):
    """Something is missing. Details: ``what``."""

    code = "conference.unfit"


class MinutesChanged(Conflict):
    """Somebody wrote first. Details: ``theirs``, ``yours``."""

    code = "conference.changed"


class TaskUnseen(NotFound):
    """No such task, or not for this person."""

    code = "conference.task_unseen"


class TaskTheirs(Forbidden):
    """The task is another agency's."""

    code = "conference.task_theirs"


class SignOffUnfit(Conflict):
    """What is to be approved is not what is there. Details: ``what``."""

    code = "sign_off.unfit"


class SignOffSelf(Forbidden):
    """Two people are needed: whoever asked cannot approve."""

    code = "sign_off.self"


class SignOffUnseen(NotFound):
    """No such request, or not for this person."""

    code = "sign_off.unseen"


def rule_of(error: Exception) -> str:
    """The name of the database's rule that refused."""
    origin = getattr(error, "orig", None)
    return str(getattr(getattr(origin, "diag", None), "constraint_name", None))


def found(row: Row | None, unseen: type[NotFound]) -> Row:
    """The row; raises ``unseen`` when there is none."""
    if row is None:
        raise unseen
    return row
