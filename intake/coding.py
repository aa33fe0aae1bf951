"""A story becomes problem codes, red flags, facts and urgency, each with its exact words."""

from __future__ import annotations

from collections.abc import Sequence

from intake.cues import THRESHOLD, Cue, find_cues
from intake.facts import find_facts
from intake.narrative import Narrative
from intake.red_flags import find_red_flags
from intake.rules import load_rules, read
from intake.schemas import CodedNarrative, CodedProblem, RaisedFlag, Role
from intake.urgency import judge_urgency
from knowledge_base.codebook import Codebook
from knowledge_base.embedder import Embedder
from knowledge_base.library import Library

CODER_VERSION = "rules-1"
DANGER_FIRST = ("VIO", "EXP", "NEG", "MEN", "REP")
BODY_LAST = "HLT"


class Coder:
    """Codes stories by the rules of a library; ``embedder`` is kept for exemplar votes."""

    def __init__(self, library: Library, embedder: Embedder | None = None) -> None:
        self._codebook = library.codebook
        self._embedder = embedder
        self._version = f"{CODER_VERSION}+{library.version[:12]}"
        self._cues = load_rules("cue-rules.yaml")
        self._flags = load_rules("red-flag-rules.yaml")
        self._facts = load_rules("fact-rules.yaml")

    def code(self, narrative: Narrative) -> CodedNarrative:
        """Codes (most pressing first), red flags, urgency, facts; spans in the story itself."""
        reading = read(narrative.text)
        cues = find_cues(reading, self._cues)
        flags = find_red_flags(reading, self._flags, self._codebook)
        codes = _ranked([_coded(c, self._codebook) for c in cues if c.score >= THRESHOLD])
        unsure = [_coded(c, self._codebook) for c in cues if c.score < THRESHOLD]
        return CodedNarrative(
            narrative_sha256=narrative.sha256,
            codes=codes,
            red_flags=flags,
            urgency=judge_urgency(codes, flags, self._codebook),
            unsure=tuple(unsure),
            facts=find_facts(reading, self._facts, _ids(codes), _flag_ids(flags)),
            coder_version=self._version,
        )


def _coded(cue: Cue, codebook: Codebook) -> CodedProblem:
    return CodedProblem(
        code=cue.code,
        label_th=codebook.codes[cue.code].label_th,
        score=cue.score,
        spans=cue.spans,
        role=cue.role,
        why=" ".join(cue.rules),
    )


def _ranked(codes: Sequence[CodedProblem]) -> tuple[CodedProblem, ...]:
    """Safety first; the first code that is neither past nor only suspected is primary."""
    ordered = sorted(codes, key=_pressing)
    if not ordered or ordered[0].role is Role.PAST:
        return tuple(ordered)
    first = ordered[0].model_copy(update={"role": Role.PRIMARY})
    return (first, *ordered[1:])


def _pressing(coded: CodedProblem) -> tuple[int, int, float, str]:
    standing = {Role.SUSPECTED: 1, Role.PAST: 2}.get(coded.role, 0)
    domain = coded.code[:3]
    kind = DANGER_FIRST.index(domain) if domain in DANGER_FIRST else len(DANGER_FIRST)
    return standing, kind + (domain == BODY_LAST), -coded.score, coded.code


def _ids(codes: Sequence[CodedProblem]) -> frozenset[str]:
    counted = (Role.PRIMARY, Role.SECONDARY)
    return frozenset(c.code for c in codes if c.role in counted)


def _flag_ids(flags: Sequence[RaisedFlag]) -> frozenset[str]:
    return frozenset(f.id for f in flags)
