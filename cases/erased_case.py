"""Erasing a person from one case: their words go, what was hashed over them is hashed anew.

Run by the owner of the tables inside the transaction of `cases.erasure`, which holds the case.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from cases import seals
from cases.blackout import Blackout
from cases.canonical import content_hash
from cases.erasure_rows import SQL, json_of, one, rewritten
from cases.letters import letter_hash
from cases.rows import Row
from cases.search_words import story_words
from intake.placeholders import CaseNames
from intake.vault import Vault

SALT = 32
GONE = "erased"


class CaseErasure:
    """One case, one person blacked out, and how many rows of which table that took."""

    def __init__(
        self,
        session: Session,
        case_id: str,
        blackout: Blackout,
        vault: Vault,
        counts: Counter[str],
    ) -> None:
        self._session = session
        self._case_id = case_id
        self._blackout = blackout
        self._vault = vault
        self._counts = counts

    def run(self) -> tuple[dict[str, dict[str, Any]], list[Row]]:
        """What has another hash now, by kind of hash, and the recordings that were silenced."""
        before = self._sealed_texts()
        rehashed = self._texts()
        silenced = self._silenced()
        self._names()
        rehashed["rows"] = self._salted_anew(before)
        return rehashed, silenced

    def _texts(self) -> dict[str, dict[str, Any]]:
        """Everything written of a case without the person; ids of what has another hash now."""
        told = self._stories()
        drafted, approved = self._versions()
        self._counts["draft_runs"] += SQL.run(self._session, "stop_runs", case_id=self._case_id)
        self._counts["run_parts"] += SQL.run(self._session, "forget_parts", case_id=self._case_id)
        self._counts["transcriptions"] += SQL.run(
            self._session, "stop_hearing", case_id=self._case_id
        )
        title = SQL.scalar(self._session, "retitle", case_id=self._case_id)
        if self._blackout.holds(title or ""):
            changed = {"case_id": self._case_id, "title": self._blackout.text(title)}
            self._counts["cases"] += one(self._session, "set_title", "cases", **changed)
        self._hashes()
        self._tables()
        if told:
            self._counts["case_words"] += self._searched_anew()
        self._transcripts()
        anew = {"sha256": told, "content_hash": drafted, "approved_hash": approved}
        return {key: dict.fromkeys(ids) for key, ids in anew.items()}

    def _stories(self) -> dict[str, str]:
        anew = {}
        for story in SQL.rows(self._session, "narratives", case_id=self._case_id):
            words = self._blackout.text(story["text"])
            if words != story["text"]:
                digest = hashlib.sha256(words.encode()).hexdigest()
                old = hashlib.sha256(story["text"].encode()).hexdigest()
                self._blackout.hashes[old] = anew[story["id"]] = digest
                told = {"id": story["id"], "text": words, "sha256": digest}
                self._counts["narratives"] += one(self._session, "tell_again", "narratives", **told)
                self._counts["vectors"] += 1
        return anew

    def _versions(self) -> tuple[dict[str, str], dict[str, str]]:
        drafted: dict[str, str] = {}
        approved: dict[str, str] = {}
        for version in SQL.rows(self._session, "versions", case_id=self._case_id):
            content = self._blackout.value(version["content"])
            changed = {"id": version["id"], "content_hash": content_hash(content)}
            if content != version["content"]:
                drafted[version["id"]] = changed["content_hash"]
                self._blackout.hashes[version["content_hash"]] = changed["content_hash"]
                told = {"content": json_of(content)} | changed
                self._counts["plan_versions"] += one(
                    self._session, "change_version", "plan_versions", **told
                )
            signed = self._blackout.value(version["approved_content"])
            if signed != version["approved_content"]:
                approved[version["id"]] = content_hash(signed)
                self._blackout.hashes[version["approved_hash"]] = approved[version["id"]]
                told = changed | {"approved_content": json_of(signed)}
                told["approved_hash"] = approved[version["id"]]
                self._counts["approvals"] += one(
                    self._session, "change_approval", "approvals", **told
                )
        return drafted, approved

    def _tables(self) -> None:
        """Every text of the case that is left, in whatever table it stands, also in later ones."""
        for table in SQL.rows(self._session, "tables_of_cases"):
            columns = [c for c in table["columns"] if c != "id" and not c.endswith("_id")]
            kinds = dict(zip(table["columns"], table["types"], strict=True))
            self._counts[table["name"]] += rewritten(
                self._session, table["name"], columns, kinds, self._case_id, self._blackout
            )

    def _transcripts(self) -> None:
        for row in SQL.rows(self._session, "transcribed", case_id=self._case_id):
            words = self._blackout.text(row["text"])
            if words != row["text"]:
                written = row | {"text": words}
                self._counts["transcript_texts"] += one(
                    self._session, "write_again", "transcript_texts", **written
                )
        for row in SQL.rows(self._session, "heard", case_id=self._case_id):
            heard = self._blackout.value(row["content"])
            if heard != row["content"]:
                said = row | {"content": json_of(heard)}
                self._counts["heard_segments"] += one(
                    self._session, "hear_again", "heard_segments", **said
                )

    def _silenced(self) -> list[Row]:
        """Recordings of the case, their key destroyed: nobody can cut one voice out of them."""
        found = SQL.rows(self._session, "sounds", case_id=self._case_id)
        for recording in found:
            self._counts["recordings"] += one(
                self._session, "silence", "recordings", id=recording["id"]
            )
        return found

    def _names(self) -> None:
        """What placeholders stand for, without the person's forms."""
        sealed = SQL.scalar(self._session, "case_names", case_id=self._case_id)
        if sealed is None:
            return
        plain = self._vault.open(bytes(sealed)).plain()
        kept = {p: [f for f in forms if not self._blackout.holds(f)] for p, forms in plain.items()}
        if kept != plain:
            left = CaseNames({p: forms or [p] for p, forms in kept.items()})
            kept_names = {"case_id": self._case_id, "sealed": self._vault.seal(left)}
            self._counts["case_names"] += one(
                self._session, "keep_case_names", "case_names", **kept_names
            )

    def _hashes(self) -> None:
        """What hashes of the case's texts become: names could be tried against the old ones.

        Those over words that are not kept as they were hashed are gone.
        """
        for entry in SQL.rows(self._session, "entries", case_id=self._case_id):
            self._blackout.hashes[entry["content_hash"]] = content_hash(
                self._blackout.value(entry["content"])
            )
        for held in SQL.rows(self._session, "minutes", case_id=self._case_id):
            self._blackout.hashes[held["minutes_hash"]] = content_hash(
                self._blackout.text(held["minutes"])
            )
        for letter in SQL.rows(self._session, "letters", case_id=self._case_id):
            self._blackout.hashes[letter_hash(letter)] = letter_hash(self._blackout.value(letter))
        for loose in SQL.rows(self._session, "loose_hashes", case_id=self._case_id):
            self._blackout.hashes[loose["hash"]] = GONE

    def _searched_anew(self) -> int:
        """The words a case is found by, from what is left of its stories."""
        title = SQL.scalar(self._session, "retitle", case_id=self._case_id)
        told = [
            story["text"] for story in SQL.rows(self._session, "narratives", case_id=self._case_id)
        ]
        tokens = story_words("\n".join([title or "", *told]))
        return SQL.run(self._session, "search_anew", case_id=self._case_id, tokens=tokens)

    def _sealed_texts(self) -> dict[str, str | None]:
        return {
            seals.name(r): r["content"] for r in seals.sealed_rows(self._session, self._case_id)
        }

    def _salted_anew(self, before: Mapping[str, str | None]) -> dict[str, str]:
        """New hashes of the sealed rows that changed; their old salt, and with it the old text's
        trace, is destroyed."""
        anew = {}
        for row in seals.sealed_rows(self._session, self._case_id):
            name = seals.name(row)
            if row["content"] is None or row["content"] == before.get(name):
                continue
            salt = secrets.token_bytes(SALT)
            at = {"relation": row["relation"], "row_key": row["row_key"]}
            one(self._session, "salt_again", "row_seals", case_id=self._case_id, salt=salt, **at)
            anew[name] = hashlib.sha256(salt + row["content"].encode()).hexdigest()
        return anew
