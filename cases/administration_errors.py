"""What administration refuses. Words: ``runtime/messages/administration.<lang>.yaml``."""

from __future__ import annotations

from runtime.errors import BadInput, Conflict, NotFound


class LoginTaken(Conflict):
    """Somebody has this login."""

    code = "account.taken"


class AccountUnfit(BadInput):
    """No such role or agency."""

    code = "account.unfit"


class AccountUnseen(NotFound):
    """No such account."""

    code = "account.unseen"


class AgencyUnseen(NotFound):
    """No such agency."""

    code = "agency.unseen"


class AgencyTaken(Conflict):
    """Another agency has this id."""

    code = "agency.taken"


class AgencyNamed(BadInput):
    """An agency's id is not of small Latin letters, digits and dashes."""

    code = "agency.id"


class AgencyKind(BadInput):
    """No kind of ``data/agencies.yaml``. Details: ``known``."""

    code = "agency.kind"


class AgencyContact(BadInput):
    """Neither a telephone number nor an address of electronic mail."""

    code = "agency.contact"


class RegionUnknown(BadInput):
    """No region of ``data/regions.yaml``. Details: ``known``."""

    code = "agency.region"


class JobUnseen(NotFound):
    """No such job."""

    code = "job.unseen"


class JobNotFailed(Conflict):
    """Only a job that failed is put back."""

    code = "job.not_failed"
