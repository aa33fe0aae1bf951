"""Presidio, taught Thai: our recognisers behind its analyzer; an office may add its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

import spacy
from presidio_analyzer import (
    AnalyzerEngine,
    EntityRecognizer,
    RecognizerRegistry,
    RecognizerResult,
)
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine
from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.entities import OperatorConfig
from presidio_anonymizer.entities import RecognizerResult as WriterResult
from spacy.tokens import Doc

from intake.citizen_id import DIGITS, checks
from intake.entities import Entity
from intake.person_names import person_names
from intake.places import place_words
from intake.privacy_rules import arabic, identifying, load_privacy_rules
from intake.reading import Reading

LANGUAGE = "th"
OTHER = "OTHER"
SURE, UNCHECKED = 1.0, 0.9  # a mistyped number still identifies: it is masked all the same


class PatternWords(EntityRecognizer):
    """Numbers, addresses and places by the reviewed patterns."""

    def __init__(self) -> None:
        kinds = sorted({kind for kind, _ in load_privacy_rules().patterns})
        super().__init__(supported_entities=kinds, supported_language=LANGUAGE)

    def load(self) -> None:
        """Nothing to load: the patterns are compiled once per process."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """Findings of every pattern."""
        return [
            RecognizerResult(kind, start, end, score(kind, words))
            for kind, words, start, end in identifying(text, entities)
        ]


def score(kind: str, words: str) -> float:
    """How sure a pattern's finding is: a number of thirteen digits by its check digit."""
    digits = "".join(c for c in arabic(words) if c.isdigit())
    if kind != "ID" or len(digits) != DIGITS:
        return SURE
    return SURE if checks(digits) else UNCHECKED


class ReadWords(EntityRecognizer):
    """Words that only a reading of the text tells: names of people, of places."""

    def __init__(self, find: Callable[[Reading], Iterable[Entity]], kinds: list[str]) -> None:
        self._find_in = find
        super().__init__(supported_entities=kinds, supported_language=LANGUAGE)

    def load(self) -> None:
        """Nothing to load: models open on first use."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """Findings with the score of the evidence behind each."""
        reading = nlp_artifacts.reading if isinstance(nlp_artifacts, ThaiArtifacts) else None
        found = self._find_in(reading or Reading(text, load_privacy_rules()))
        return [RecognizerResult(e.type, e.start, e.end, e.score) for e in found]


class ThaiArtifacts(NlpArtifacts):
    """What Presidio hands from recogniser to recogniser: here, the text segmented once."""

    reading: Reading


class BlankThai(NlpEngine):
    """The least pipeline Presidio needs: a blank Thai spaCy, its words segmented by us."""

    def __init__(self) -> None:
        self._nlp = spacy.blank(LANGUAGE)

    def load(self) -> None:
        """A blank pipeline has no model to load."""

    def is_loaded(self) -> bool:
        """Always."""
        return True

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """Artifacts without entities or lemmas, with our reading of the text."""
        reading = Reading(text, load_privacy_rules())
        tokens = Doc(self._nlp.vocab, reading.words, [False] * len(reading.words))
        artifacts = ThaiArtifacts([], tokens, [], [], self, language)
        artifacts.reading = reading
        return artifacts

    def process_batch(
        self,
        texts: Iterable[str],
        language: str,
        batch_size: int = 1,
        n_process: int = 1,
        **_: Any,
    ) -> Iterator[tuple[str, NlpArtifacts]]:
        """`process_text` over many."""
        return ((text, self.process_text(text, language)) for text in texts)

    def is_stopword(self, word: str, language: str) -> bool:
        """No stop words are known."""
        return False

    def is_punct(self, word: str, language: str) -> bool:
        """Whether ``word`` holds no letter or digit."""
        return not any(c.isalnum() for c in word)

    def get_supported_entities(self) -> list[str]:
        """None of its own."""
        return []

    def get_supported_languages(self) -> list[str]:
        """Thai."""
        return [LANGUAGE]


@cache
def open_analyzer() -> AnalyzerEngine:
    """The analyzer with our recognisers; add an office's own to its ``registry``."""
    registry = RecognizerRegistry(
        recognizers=[
            PatternWords(),
            ReadWords(person_names, ["PERSON"]),
            ReadWords(place_words, ["ADDRESS", "PLACE"]),
        ],
        supported_languages=[LANGUAGE],
    )
    return AnalyzerEngine(registry=registry, nlp_engine=BlankThai(), supported_languages=[LANGUAGE])


def identifying_words(text: str) -> list[Entity]:
    """Everything the analyzer finds in ``text``, overlaps not yet settled."""
    found = open_analyzer().analyze(text, language=LANGUAGE)
    return [Entity(r.start, r.end, _our_type(r.entity_type), r.score) for r in found]


def _our_type(name: str) -> str:
    """Our name of a type; `OTHER` for an office's own recogniser with a name nobody mapped."""
    rules = load_privacy_rules()
    return name if name in rules.types else rules.type_names.get(name) or OTHER


@cache
def open_anonymizer() -> AnonymizerEngine:
    """Presidio's writer of replacements."""
    writer: Callable[[], AnonymizerEngine] = AnonymizerEngine
    return writer()


def replaced(text: str, places: list[tuple[int, int, str]]) -> str:
    """``text`` with each ``(start, end, new)`` written in; places must not overlap.

    Each place is a type of its own to the anonymizer, for it joins neighbours of one type: two
    children named one after the other would become one.
    """
    if not places:
        return text
    results = [WriterResult(str(i), a, b, 1.0) for i, (a, b, _) in enumerate(places)]
    operators = {
        str(i): OperatorConfig("replace", {"new_value": new})
        for i, (_, _, new) in enumerate(places)
    }
    return str(open_anonymizer().anonymize(text, results, operators).text)
