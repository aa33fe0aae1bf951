"""What the placeholders of a case stand for, kept sealed with the case."""

from __future__ import annotations

from sqlalchemy.orm import Session

from cases import repository
from intake.placeholders import CaseNames
from intake.vault import Vault


def kept_names(session: Session, case_id: str, vault: Vault) -> CaseNames:
    """The names of a case so far; raises `VaultSealed` when the key is not the one that sealed."""
    sealed = repository.scalar(session, "case_names", case_id=case_id)
    return vault.open(bytes(sealed) if sealed is not None else None)


def keep_names(session: Session, case_id: str, names: CaseNames, vault: Vault) -> None:
    """Seal the names with the case; a case of which nothing was masked keeps nothing."""
    if names.forms:
        sealed = vault.seal(names)
        repository.run(session, "keep_case_names", case_id=case_id, sealed=sealed)
