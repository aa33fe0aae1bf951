"""A story becomes problem codes, red flags, facts and urgency, each with its exact words."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from intake.cues import THRESHOLD, Cue, denied_codes, find_cues
from intake.facts import find_facts
from intake.learning import CodeSigns, FlagReader, FlagSigns, SentenceReader
from intake.lessons import between
from intake.limits import audible, floor
from intake.narrative import Narrative
from intake.negation import Standing
from intake.red_flags import Heard, find_red_flags, unreadable
from intake.rules import Reading, load_rules, read
from intake.schemas import CodedNarrative, CodedProblem, RaisedFlag, Role, Span
from intake.signs import Sign
from intake.standards import standards_of
from intake.urgency import judge_urgency, raised_levels
from intake.voting import NONE, Voter, Votes, with_vote
from intake.weighing import features, load_weights
from knowledge_base.embedder import Progress
from knowledge_base.library import Library
from runtime.errors import CmisError

CODER_VERSION = "hybrid-6"
DANGER_FIRST = ("VIO", "EXP", "NEG", "MEN", "REP")
BODY_LAST = "HLT"
CODES, FLAGS = "codes", "flags"
log = logging.getLogger(__name__)
Given = TypeVar("Given")
Made = TypeVar("Made")
_ROLES = {
    Standing.RUMOURED: Role.SUSPECTED,
    Standing.FEARED: Role.SUSPECTED,
    Standing.PAST: Role.PAST,
}


@dataclass(frozen=True)
class Grounds:
    """What speaks for a code: its rules' cue, its strongest sign, the words of a vote."""

    cue: Cue | None
    sign: Sign | None
    voted: tuple[Span, ...]


class Coder:
    """Codes stories by rules and, with readers, by what was learned from the exemplars.

    With a ``voter``, another reader's vote on the codes counts as well, never on the red flags.
    """

    def __init__(
        self,
        library: Library,
        reader: SentenceReader | None = None,
        flag_reader: FlagReader | None = None,
        without: Sequence[str] = (),
        voter: Voter | None = None,
    ) -> None:
        """``without``: `CODES` or `FLAGS` whose reader was wanted and could not be opened."""
        self._codebook = library.codebook
        self._reader = reader
        self._flag_reader = flag_reader
        self._voter = voter
        self._labels = tuple((c.code, c.label_th) for c in self._codebook.codes.values())
        self._cues = load_rules("cue-rules.yaml")
        self._flags = load_rules("red-flag-rules.yaml")
        self._urgent = load_rules("urgency-rules.yaml")
        self._facts = load_rules("fact-rules.yaml")
        learned = "".join(f"+{r.version}" for r in (reader, flag_reader) if r)
        self._version = f"{CODER_VERSION}+{library.version[:12]}{learned}"
        self._without = tuple(without)

    def prepare(self, progress: Progress | None = None) -> None:
        """Have everything ready that is learned on first use (a minute on a new machine).

        What cannot be learned is told in the log and, with every story, by `CodedNarrative`.
        """
        readers = [r for r in (self._flag_reader, self._reader) if r]
        for n, reader in enumerate(readers):
            step = between(progress, n / len(readers), (n + 1) / len(readers)) if progress else None
            _unless_it_fails(reader.prepare, step)

    def code(self, narrative: Narrative) -> CodedNarrative:
        """Codes (most pressing first), red flags, urgency, facts; spans in the story itself.

        Whatever fails in what was learned (an embedding model, a kept file), rules still judge the
        raw text, and ``by_rules_alone`` says for what.
        """
        reading = read(narrative.text)
        cues = {cue.code: cue for cue in find_cues(reading, self._cues)}
        signs = _unless_it_fails(self._reader.signs, reading) if self._reader else None
        heard = _unless_it_fails(self._flag_reader.signs, reading) if self._flag_reader else None
        chances = self._chances(reading, signs, cues)
        flags = self._red_flags(narrative, reading, heard, chances)
        votes = self._voter(narrative, self._labels) if self._voter and signs is not None else NONE
        found, unsure = (
            self._ruled(cues)
            if signs is None
            else self._weighed(reading, signs, cues, _voted(chances, votes), votes)
        )
        codes = _ranked(found)
        return CodedNarrative(
            narrative_sha256=narrative.sha256,
            codes=codes,
            red_flags=flags,
            urgency=judge_urgency(
                (*codes, *_named_by_rules(unsure, cues)),
                flags,
                self._codebook,
                raised_levels(reading, self._urgent),
            ),
            unsure=tuple(unsure),
            facts=find_facts(reading, self._facts, _ids(codes), _flag_ids(flags)),
            coder_version=self._version,
            by_rules_alone=self._unheard(signs, heard),
            vote_note=votes.note,
        )

    def _unheard(self, signs: CodeSigns | None, heard: FlagSigns | None) -> tuple[str, ...]:
        """What was to be judged by learning too, and was not."""
        failed = {
            CODES: self._reader is not None and signs is None,
            FLAGS: self._flag_reader is not None and heard is None,
        }
        return tuple(name for name, lost in failed.items() if lost or name in self._without)

    def _red_flags(
        self,
        narrative: Narrative,
        reading: Reading,
        heard: FlagSigns | None,
        chances: Mapping[str, float],
    ) -> tuple[RaisedFlag, ...]:
        """Red flags on the raw text; words nobody confirmed yet neither prove nor hide one.

        Beside unreadable words the classifier guesses what they were, so there rules judge alone.
        """
        without = None
        if narrative.unconfirmed:
            without = Heard(read(unreadable(narrative.text, narrative.unconfirmed)))
        told = Heard(reading, heard, chances)
        return find_red_flags(told, self._flags, self._codebook, without)

    def _chances(
        self, reading: Reading, signs: CodeSigns | None, cues: Mapping[str, Cue]
    ) -> dict[str, float]:
        """How likely each code is, by rules and signs together or by rules alone."""
        if signs is None:
            return {code: cue.score for code, cue in cues.items()}
        codes = tuple(self._codebook.codes)
        made = load_weights().probabilities(codes, features(codes, signs, cues), signs.lifts)
        denied = denied_codes(reading, self._cues)
        return audible(dict(zip(codes, made.tolist(), strict=True)), signs, cues, denied)

    def _ruled(self, cues: Mapping[str, Cue]) -> tuple[list[CodedProblem], list[CodedProblem]]:
        """Codes by rules alone."""
        made = [self._coded(c.code, c.score, c.role, c.spans, c.rules) for c in cues.values()]
        return [c for c in made if c.score >= THRESHOLD], [c for c in made if c.score < THRESHOLD]

    def _weighed(
        self,
        reading: Reading,
        signs: CodeSigns,
        cues: Mapping[str, Cue],
        chances: Mapping[str, float],
        votes: Votes,
    ) -> tuple[list[CodedProblem], list[CodedProblem]]:
        """Codes by rules and signs (and votes) together, with calibrated scores."""
        weights = load_weights()
        found: list[CodedProblem] = []
        unsure: list[CodedProblem] = []
        for code, weighed in chances.items():
            cue = cues.get(code)
            chance = max(weighed, floor(cue))
            past = cue is not None and cue.role is Role.PAST
            if chance >= weights.unsure or past:
                best = next(iter(signs.of(code)), None)
                if cue and weighed < weights.unsure <= chance < weights.threshold:
                    cue = replace(cue, role=Role.SUSPECTED)
                grounds = Grounds(cue, best, votes.spans.get(code, ()))
                made = self._joined(reading, code, weights.score(chance), grounds)
                (found if chance >= weights.threshold or past else unsure).append(made)
        return found, sorted(unsure, key=lambda c: -c.score)

    def _joined(self, reading: Reading, code: str, score: float, grounds: Grounds) -> CodedProblem:
        cue, best, voted = grounds.cue, grounds.sign, grounds.voted
        standing = best.standing if best else Standing.STATED
        role = cue.role if cue else _ROLES.get(standing, Role.SECONDARY)
        spans = cue.spans if cue else (reading.span(best.start, best.end),) if best else voted
        heard = (("learned", best), ("voted", voted))
        why = (*(cue.rules if cue else ()), *(name for name, there in heard if there))
        return self._coded(code, round(score, 3), role, spans, why)

    def _coded(
        self, code: str, score: float, role: Role, spans: tuple[Span, ...], why: Sequence[str]
    ) -> CodedProblem:
        label = self._codebook.codes[code].label_th
        return CodedProblem(
            code=code,
            label_th=label,
            score=score,
            spans=spans,
            role=role,
            why=" ".join(why),
            standards=standards_of(code, self._codebook),
        )


def _unless_it_fails(learned: Callable[[Given], Made], given: Given) -> Made | None:
    """What something learned says; nothing, and a line in the log, whatever its failure."""
    try:
        return learned(given)
    except Exception as error:  # a danger told in plain words must not wait for a model
        reason = error.code if isinstance(error, CmisError) else type(error).__name__
        log.warning("coding.by_rules_alone", extra={"reason": reason})
        return None


def _named_by_rules(
    unsure: Sequence[CodedProblem], cues: Mapping[str, Cue]
) -> tuple[CodedProblem, ...]:
    """Doubts that a rule names outright: the weighing doubts them, their urgency is not doubted."""
    return tuple(c for c in unsure if c.code in cues and cues[c.code].score >= THRESHOLD)


def _voted(chances: Mapping[str, float], votes: Votes) -> dict[str, float]:
    weight = load_weights().vote
    return {c: with_vote(x, weight) if c in votes.spans else x for c, x in chances.items()}


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
