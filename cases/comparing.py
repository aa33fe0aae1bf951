"""Versions of a plan side by side, what a changed law asks for, and the papers for the client."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from cases import audit, repository, story_parts
from cases.casebook import casebook
from cases.decided_codes import decided_coding
from cases.errors import CaseUnseen
from cases.people import Person
from cases.ports import Planner
from cases.review import decisions
from cases.rows import Row
from cases.staleness import change_of
from cases.viewing import Viewer, viewer_of
from knowledge_base.library import Library
from planner.grounding import rewritten
from planner.revisions import Difference, affected, differences, replacements
from planner.schemas import Draft, Flag, Sentence, sentences_of
from planner.sheets import Sheet, client_sheet, readability, safety_sheet
from runtime.clock import today
from runtime.database import Database
from runtime.errors import Forbidden

STRUCK = Flag(code="struck")


class Comparing:
    """What can be read off the versions a person may see. ``composer`` drafts without a model."""

    def __init__(self, database: Database, library: Library, composer: Planner) -> None:
        self._database = database
        self._library = library
        self._composer = composer

    def difference(
        self, person: Person, case_id: str, old: str | None = None, new: str | None = None
    ) -> dict[str, Any]:
        """Two versions of one case sentence by sentence; raises `CaseUnseen`.

        Without ``new`` the newest, without ``old`` the one before it. Sentences that this
        person's profession does not read are left out; raises `Forbidden` where it reads no plan.
        """
        with self._database.session(person.actor) as session:
            repository.seen_case(session, case_id)
            ids = [v["id"] for v in repository.rows(session, "list_versions", case_id=case_id)]
            pair = _pair(ids, old, new)
            versions, viewers = zip(*(_opened(session, person, v) for v in pair), strict=True)
            decided = [decisions(session, v["id"]) for v in versions]
        drafts = [_draft(v) for v in versions]
        shown = [_shown(draft, viewers[0]) for draft in drafts]
        rows = [
            d
            for d in differences(*drafts)
            if all(s is None or s.id in ids for s, ids in zip((d.old, d.new), shown, strict=True))
        ]
        return {
            "old": _named(versions[0]),
            "new": _named(versions[1]),
            "counts": dict(Counter(d.change for d in rows)),
            "rows": [_row(d, *decided) for d in rows],
        }

    def sheets(self, person: Person, version_id: str) -> dict[str, Any]:
        """The client's sheet and the safety plan, in the words people decided on.

        Raises `CaseUnseen`, or `Forbidden` for whoever reads no plan.
        """
        with self._database.session(person.actor) as session:
            version, _ = _opened(session, person, version_id)
            draft = as_decided(_draft(version), decisions(session, version_id))
        papers = {"client": client_sheet(draft, self._library), "safety": safety_sheet(draft)}
        return _named(version) | {name: _paper(sheet) for name, sheet in papers.items()}

    def law_changes(self, person: Person, version_id: str) -> dict[str, Any]:
        """Cited entries that read differently now, and what a new draft says in their place.

        Raises `CaseUnseen`, or `Forbidden` for whoever reads no plan.
        """
        with self._database.session(person.actor) as session:
            version, viewer = _opened(session, person, version_id)
            old = _draft(version)
            changed = {c.id: kind for c in old.citations if (kind := change_of(c, self._library))}
            story = self._story(session, version) if changed else None
        told = self._composer.draft(**story, as_of=today()) if story else None
        titles = {c.id: c.title_th for c in old.citations}
        entries = [
            {"id": i, "title_th": titles[i], "title_en": self._library.title_en(i), "change": k}
            for i, k in changed.items()
        ]
        return _named(version) | {
            "changed": entries,
            "affected": _affected(old, told, changed, _shown(old, viewer)) if told else [],
        }

    def _story(self, session: Session, version: Row) -> dict[str, Any]:
        """What the composer writes from: the same story, coded as people decided."""
        case = repository.seen_case(session, version["case_id"])
        return {
            "narrative": story_parts.whole(session, version["case_id"]),
            "coded": decided_coding(session, version["case_id"], self._library),
            "received_at": case["received_at"],
        }


def _opened(session: Session, person: Person, version_id: str) -> tuple[Row, Viewer]:
    """A version for somebody who reads plans, and with which eyes. The reading is audited."""
    version = repository.seen(session, "get_version", id=version_id)
    viewer = viewer_of(session, person, version["case_id"])
    if not viewer.reads("plan"):
        raise Forbidden
    audit.record_once(session, version["case_id"], person.id, "plan_read", version_id)
    return version, viewer


def _shown(draft: Draft, viewer: Viewer) -> set[str]:
    """Ids of the sentences this viewer reads, by the classes of a version's fields."""
    fields = casebook("views")["fields"]["read_version"]
    return {
        sentence.id
        for name in type(draft).model_fields
        if viewer.reads(fields.get(f"content.{name}", "plan"))
        for sentence in sentences_of(getattr(draft, name))
    }


def _pair(ids: list[str], old: str | None, new: str | None) -> tuple[str, str]:
    """The two versions wanted, of those a case has."""
    if not ids or not {old, new} - {None} <= set(ids):
        raise CaseUnseen
    newer = new or ids[-1]
    return old or ids[max(0, ids.index(newer) - 1)], newer


def as_decided(draft: Draft, decided: dict[str, dict[str, Any]]) -> Draft:
    """The draft in the words people decided on; what they struck is marked."""
    return rewritten(draft, lambda s: _as_decided(s, decided.get(s.id) or {}))


def _as_decided(sentence: Sentence, decision: dict[str, Any]) -> Sentence:
    if decision.get("decision") == "struck":
        return sentence.model_copy(update={"flags": (STRUCK,)})
    if decision.get("decision") == "edited":
        return sentence.model_copy(update={"text": decision["text"], "flags": ()})
    return sentence


def _affected(
    old: Draft, new: Draft, changed: dict[str, Any], shown: set[str]
) -> list[dict[str, Any]]:
    known = {s.id: s for s in old.sentences()}
    instead = replacements(old, new, changed)
    return [
        {"id": i, "text": known[i].text, "proposed": found.text if found else None}
        for i in affected(old, changed)
        if i in shown
        for found in (instead.get(i),)
    ]


def _row(row: Difference, old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    return {
        "change": row.change,
        "old": _side(row.old, old),
        "new": _side(row.new, new),
    }


def _side(sentence: Sentence | None, decided: dict[str, Any]) -> dict[str, Any] | None:
    if sentence is None:
        return None
    decision = decided.get(sentence.id) or {}
    return {
        "id": sentence.id,
        "text": sentence.text,
        "ink": sentence.ink,
        "decision": decision.get("decision"),
        "edited": decision.get("text"),
    }


def _paper(sheet: Sheet) -> dict[str, Any]:
    parts = [{"heading": head, "lines": list(lines)} for head, lines in sheet.parts]
    measured = readability(sheet.text)
    return {
        "title": sheet.title,
        "parts": parts,
        "readability": asdict(measured) | {"is_plain": measured.is_plain},
    }


def _named(version: Row) -> dict[str, Any]:
    return {"version_id": version["id"], "number": version["number"]}


def _draft(version: Row) -> Draft:
    return Draft.model_validate(version["content"], strict=False)
