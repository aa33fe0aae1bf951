"""Where a case stands: nine steps computed from what its record holds, and why.

Pure: the same record gives the same steps. Nothing stores "the current step"; conditions are
asked of the record anew each time, and a reopened case counts only what happened since.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from cases.casebook import casebook
from runtime.clock import now

State = Literal["waiting", "open", "done"]
BEGUN = frozenset({"accepted", "under_way", "delivered", "not_delivered"})
ENDED = frozenset({"delivered", "not_delivered", "declined", "withdrawn"})
FRESH = timedelta(days=30)


@dataclass(frozen=True)
class Facts:
    """What of a record the steps are computed from. Entries and approvals the oldest first."""

    story_told: bool
    entries: Sequence[Mapping[str, Any]] = ()
    letters: Sequence[Mapping[str, Any]] = ()
    services: Sequence[Mapping[str, Any]] = ()
    plans: Sequence[datetime] = ()  # when plans were approved
    closures: Sequence[datetime] = ()  # when closures were approved
    watching: bool = False  # a surveillance contact is still due
    now: datetime = field(default_factory=now)


class Step(BaseModel):
    """One step: its state, and why in both languages."""

    model_config = ConfigDict(frozen=True)

    id: str
    number: int
    name_th: str
    name_en: str
    state: State
    why_th: str
    why_en: str
    missing: tuple[str, ...]


@dataclass(frozen=True)
class _Course:
    """What happened since the case was opened or last reopened, in the order of the steps."""

    facts: Facts

    @cached_property
    def since(self) -> datetime | None:
        """When the case was reopened last."""
        return _last(self.facts, "reopening")

    @cached_property
    def entries(self) -> list[Mapping[str, Any]]:
        """Entries that count."""
        return [e for e in self.facts.entries if self._counts(e["recorded_at"])]

    @cached_property
    def newest(self) -> dict[str, Mapping[str, Any]]:
        """The newest entry of each kind."""
        return {e["kind"]: e for e in self.entries}

    @cached_property
    def planned(self) -> datetime | None:
        """When the plan was approved that stands; nothing if it must be made anew."""
        approved = [p for p in self.facts.plans if self._counts(p, after=True)]
        changing = [e["recorded_at"] for e in self.entries if _changes_the_plan(e)]
        stands = approved and changing and approved[-1] > changing[-1]
        return approved[-1] if stands else None

    @cached_property
    def visits(self) -> list[Mapping[str, Any]]:
        """Visits under the plan that stands."""
        return self._later("visit", self.planned)

    @cached_property
    def again(self) -> list[Mapping[str, Any]]:
        """Reassessments since the first of those visits."""
        return self._later("reassessment", self.visits[0]["recorded_at"] if self.visits else None)

    @cached_property
    def closed(self) -> bool:
        """Whether a closure was approved."""
        return any(self._counts(c, after=True) for c in self.facts.closures)

    def judged_low(self) -> bool:
        """Whether the last word on the risk is low, and no older than `FRESH`."""
        judged = self.newest.get("reassessment") or self.newest.get("assessment")
        if judged is None or judged["content"]["risk"] != "low":
            return False
        return bool(self.facts.now - judged["recorded_at"] <= FRESH)

    def services(self) -> list[str]:
        """How services stand; those that ended before the case was reopened are over."""
        since = self.since
        return [
            s["status"]
            for s in self.facts.services
            if since is None or s["status"] not in ENDED or s["changed_at"] > since
        ]

    def out_of_scope(self) -> bool:
        """Whether the last screening found that the case is not for this office."""
        screened = self.newest.get("screening")
        return screened is not None and not screened["content"]["in_scope"]

    def _later(self, kind: str, than: datetime | None) -> list[Mapping[str, Any]]:
        if than is None:
            return []
        return [e for e in self.entries if e["kind"] == kind and e["recorded_at"] > than]

    def _counts(self, moment: datetime, *, after: bool = False) -> bool:
        return self.since is None or moment > self.since or (moment == self.since and not after)


def conditions(facts: Facts) -> dict[str, bool]:
    """Every condition of ``data/steps.yaml``, met or not."""
    course = _Course(facts)
    newest, chosen = course.newest, course.newest.get("complaint_choice")
    last_word = course.again[-1]["content"]["decision"] if course.again else None
    return {
        "story_told": facts.story_told,
        "registered": any(e["kind"] == "registration" for e in facts.entries),
        "screened": "screening" in newest,
        "screened_out": course.out_of_scope(),
        "letters_answered": all(x["status"] != "pending" for x in facts.letters),
        "assessed": "assessment" in newest,
        "plan_approved": course.planned is not None,
        **_served(course.services(), planned=course.planned is not None),
        "visited": bool(course.visits),
        "reassessed": bool(course.again),
        "closure_prepared": last_word == "prepare_closure",
        "risk_low": course.judged_low(),
        "closure_asked": "closure_request" in newest,
        "closure_approved": course.closed,
        "surveillance_over": course.closed and not facts.watching,
        "complaint_chosen": chosen is not None,
        "complaint_filed": bool(chosen and chosen["content"]["choice"] == "complain"),
    }


def _served(statuses: Sequence[str], *, planned: bool) -> dict[str, bool]:
    """The conditions about services."""
    ended = all(s in ENDED for s in statuses)
    return {
        "services_begun": planned and any(s in BEGUN for s in statuses),
        "services_delivered": planned and bool(statuses) and ended,
        "services_ended": ended,
    }


def _changes_the_plan(entry: Mapping[str, Any]) -> bool:
    if entry["kind"] == "reassessment":
        return bool(entry["content"]["decision"] == "change_plan")
    return bool(entry["kind"] == "assessment")


def steps(facts: Facts) -> tuple[Step, ...]:
    """The nine steps of a case, in order."""
    known = conditions(facts)
    return tuple(_step(row, known) for row in casebook("steps")["steps"])


def current(nine: Sequence[Step]) -> Step:
    """The furthest step that is open; the last one once the case is closed."""
    return nine[_furthest([s.state for s in nine])]


def current_id(known: Mapping[str, bool]) -> str:
    """The id of the current step where these conditions are met or not; see `current`."""
    rows = casebook("steps")["steps"]
    return str(rows[_furthest([_state(row, known) for row in rows])]["id"])


def _furthest(states: Sequence[State]) -> int:
    opened = [n for n, state in enumerate(states) if state == "open"]
    return opened[-1] if opened and states[-1] == "waiting" else len(states) - 1


def unmet(needed: Sequence[str], known: Mapping[str, bool]) -> tuple[str, ...]:
    """Conditions that are not met yet."""
    return tuple(c for c in needed if not known[c])


def _state(row: Mapping[str, Any], known: Mapping[str, bool]) -> State:
    if unmet(row["enter"], known):
        return "waiting"
    return "open" if unmet(row["exit"], known) else "done"


def _step(row: Mapping[str, Any], known: Mapping[str, bool]) -> Step:
    waiting, left = unmet(row["enter"], known), unmet(row["exit"], known)
    state = _state(row, known)
    words = {lang: _why(row, state, lang, waiting, left) for lang in ("th", "en")}
    return Step(
        id=row["id"],
        number=row["number"],
        name_th=row["th"],
        name_en=row["en"],
        state=state,
        why_th=words["th"],
        why_en=words["en"],
        missing=waiting or left,
    )


def _why(
    row: Mapping[str, Any], state: State, lang: str, waiting: Sequence[str], left: Sequence[str]
) -> str:
    book = casebook("steps")

    def told(names: Sequence[str], side: str) -> str:
        said = [book["conditions"][name][f"{side}_{lang}"] for name in names]
        joined: str = book["explained"][f"and_{lang}"].join(said)
        return joined

    sentence: str = book["explained"][f"{state}_{lang}"]
    return sentence.format(
        name=row[lang],
        entered=told(row["enter"], "met"),
        met=told(row["exit"], "met"),
        left=told(left, "open"),
        missing=told(waiting, "open"),
    )


def _last(facts: Facts, kind: str) -> datetime | None:
    found = [e["recorded_at"] for e in facts.entries if e["kind"] == kind]
    return found[-1] if found else None
