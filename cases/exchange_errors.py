"""What an exchange with a neighbouring system refuses. Words: ``messages/exchange.<lang>.yaml``."""

from __future__ import annotations

from runtime.errors import BadInput, Conflict


class ProfileUnknown(BadInput):
    """No such neighbouring system. Details: ``profile``."""

    code = "exchange.profile"


class ExchangeUnreadable(BadInput):
    """The file is no CSV or JSON with rows."""

    code = "exchange.file"


class ExchangeTooLarge(BadInput):
    """Too many rows. Details: ``rows``."""

    code = "exchange.too_large"


class ColumnsAbsent(BadInput):
    """The file lacks columns the profile needs. Details: ``columns``."""

    code = "exchange.columns"


class ValueAbsent(BadInput):
    """A row lacks what it needs. Details: ``column``."""

    code = "exchange.value"


class DateUnreadable(BadInput):
    """No date this system knows. Details: ``column``."""

    code = "exchange.date"


class ImportedBefore(Conflict):
    """The same entry came in already. Details: ``number`` of its case."""

    code = "exchange.twice"
