"""What the record refuses about people. Words: ``runtime/messages/persons.<lang>.yaml``."""

from __future__ import annotations

from runtime.errors import BadInput, Conflict, Forbidden, NotFound, PartMissing


class PersonUnseen(NotFound):
    """No such person, or not for whoever asks."""

    code = "person.unseen"


class PersonErased(Conflict):
    """The person was erased; only a tombstone is left."""

    code = "person.erased"


class PersonChanged(Conflict):
    """Somebody else changed the person first.

    Details: ``revision`` as it is now, ``theirs`` and ``yours``, the fields that were to change.
    """

    code = "person.conflict"


class FactChanged(Conflict):
    """Somebody else decided on the fact first. Details: ``field``, ``theirs``, ``yours``."""

    code = "fact.conflict"


class CitizenIdWrong(BadInput):
    """No citizen number. Details: ``field``."""

    code = "person.id_wrong"


class BirthWrong(BadInput):
    """No day or year anybody alive was born on."""

    code = "person.birth_wrong"


class PartUnseen(NotFound):
    """The person plays no such part in the case."""

    code = "person.role_unseen"


class PersonHeld(Conflict):
    """A legal hold stands on a case of the person."""

    code = "person.held"


class PersonForeign(Forbidden):
    """Another agency keeps this person."""

    code = "person.foreign"


class PersonKeysBroken(PartMissing):
    """The key file is missing a key, damaged, or belongs to other data."""

    code = "person.keys_broken"


class ErasureIncomplete(PartMissing):
    """The tables' owner does not reach every row; nothing was erased. Details: ``tables``."""

    code = "person.erasure_incomplete"


class RelationUnseen(NotFound):
    """The case has no such relation."""

    code = "relation.unseen"


class RelationOfOne(BadInput):
    """Somebody related to themself."""

    code = "relation.self"


class FactUnproposed(NotFound):
    """Confirmed although nothing was proposed. Details: ``field``."""

    code = "fact.none"


class DuplicateOfOne(BadInput):
    """Somebody compared with themself."""

    code = "duplicate.self"


class CheckUnseen(NotFound):
    """No such looking for earlier cases, or somebody else's."""

    code = "duplicate.check_unseen"
