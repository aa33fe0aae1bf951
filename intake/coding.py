"""A story becomes problem codes, red flags, facts and urgency, each with its exact words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from intake.cues import THRESHOLD, Cue, find_cues
from intake.facts import find_facts
from intake.learning import SentenceReader
from intake.narrative import Narrative
from intake.negation import Standing
from intake.red_flags import find_red_flags, unreadable
from intake.rules import Reading, load_rules, read
from intake.schemas import CodedNarrative, CodedProblem, RaisedFlag, Role, Span
from intake.signs import Sign
from intake.urgency import judge_urgency, raised_levels
from intake.weighing import features, load_weights
from knowledge_base.embedder import Progress
from knowledge_base.library import Library

CODER_VERSION = "hybrid-2"
DANGER_FIRST = ("VIO", "EXP", "NEG", "MEN", "REP")
BODY_LAST = "HLT"
_ROLES = {
    Standing.RUMOURED: Role.SUSPECTED,
    Standing.FEARED: Role.SUSPECTED,
    Standing.PAST: Role.PAST,
}


class Coder:
    """Codes stories by rules and, with a ``reader``, by what was learned from the exemplars."""

    def __init__(self, library: Library, reader: SentenceReader | None = None) -> None:
        self._codebook = library.codebook
        self._reader = reader
        self._cues = load_rules("cue-rules.yaml")
        self._flags = load_rules("red-flag-rules.yaml")
        self._urgent = load_rules("urgency-rules.yaml")
        self._facts = load_rules("fact-rules.yaml")
        learned = f"+{reader.version}" if reader else ""
        self._version = f"{CODER_VERSION}+{library.version[:12]}{learned}"

    def prepare(self, progress: Progress | None = None) -> None:
        """Have everything ready that is learned on first use (a minute on a new machine)."""
        if self._reader:
            self._reader.prepare(progress)

    def code(self, narrative: Narrative) -> CodedNarrative:
        """Codes (most pressing first), red flags, urgency, facts; spans in the story itself."""
        reading = read(narrative.text)
        doubted = unreadable(narrative.text, narrative.unconfirmed)
        without = read(doubted) if narrative.unconfirmed else None
        flags = find_red_flags(reading, self._flags, self._codebook, without)
        cues = {cue.code: cue for cue in find_cues(reading, self._cues)}
        found, unsure = self._weighed(reading, cues) if self._reader else self._ruled(cues)
        codes = _ranked(found)
        return CodedNarrative(
            narrative_sha256=narrative.sha256,
            codes=codes,
            red_flags=flags,
            urgency=judge_urgency(
                codes, flags, self._codebook, raised_levels(reading, self._urgent)
            ),
            unsure=tuple(unsure),
            facts=find_facts(reading, self._facts, _ids(codes), _flag_ids(flags)),
            coder_version=self._version,
        )

    def _ruled(self, cues: Mapping[str, Cue]) -> tuple[list[CodedProblem], list[CodedProblem]]:
        """Codes by rules alone."""
        made = [self._coded(c.code, c.score, c.role, c.spans, c.rules) for c in cues.values()]
        return [c for c in made if c.score >= THRESHOLD], [c for c in made if c.score < THRESHOLD]

    def _weighed(
        self, reading: Reading, cues: Mapping[str, Cue]
    ) -> tuple[list[CodedProblem], list[CodedProblem]]:
        """Codes by rules and signs together, with scores from 0 to 1, not calibrated."""
        if self._reader is None:
            return [], []
        signs, weights = self._reader.signs(reading), load_weights()
        codes = tuple(self._codebook.codes)
        chances = weights.probabilities(features(codes, signs, cues))
        found: list[CodedProblem] = []
        unsure: list[CodedProblem] = []
        for code, chance in zip(codes, chances.tolist(), strict=True):
            past = code in cues and cues[code].role is Role.PAST
            if chance >= weights.unsure or past:
                made = self._joined(reading, code, chance, cues.get(code), signs.get(code, []))
                (found if chance >= weights.threshold or past else unsure).append(made)
        return found, sorted(unsure, key=lambda c: -c.score)

    def _joined(
        self, reading: Reading, code: str, chance: float, cue: Cue | None, signs: Sequence[Sign]
    ) -> CodedProblem:
        best = signs[0] if signs else None
        standing = best.standing if best else Standing.STATED
        role = cue.role if cue else _ROLES.get(standing, Role.SECONDARY)
        spans = cue.spans if cue else (reading.span(best.start, best.end),) if best else ()
        why = (*(cue.rules if cue else ()), *(("learned",) if best else ()))
        return self._coded(code, round(chance, 3), role, spans, why)

    def _coded(
        self, code: str, score: float, role: Role, spans: tuple[Span, ...], why: Sequence[str]
    ) -> CodedProblem:
        label = self._codebook.codes[code].label_th
        return CodedProblem(
            code=code, label_th=label, score=score, spans=spans, role=role, why=" ".join(why)
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
