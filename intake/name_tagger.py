"""Person names by a conditional random field: PyThaiNLP's NER model with the features it knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from math import log

import pycrfsuite
from pythainlp.corpus import thai_stopwords
from pythainlp.util import is_thai

from intake.entities import Entity
from intake.name_likeness import family_likeness, given_likeness
from intake.reading import RUN, Reading, initials, segmented
from runtime.errors import PartMissing

MODEL = "thainer_crf_1_5_1.model"
SCORE = 0.7
LABELS = ("B-PERSON", "I-PERSON")
LEAST, SURE, LEAST_ODDS, BESIDE_ODDS = 0.2, 0.7, -0.3, -3.5
WEIGHT, UNLIKEST, NEVER = 0.3, -14.0, 1.1


class NameModelMissing(PartMissing):
    """The named-entity model is not in the installed PyThaiNLP."""

    code = "privacy.name_model_missing"


@cache
def open_tagger() -> pycrfsuite.Tagger:
    """The model shipped in the PyThaiNLP wheel; raises `NameModelMissing`."""
    tagger = pycrfsuite.Tagger()
    try:
        with resources.as_file(resources.files("pythainlp.corpus").joinpath(MODEL)) as path:
            tagger.open(str(path))
    except (OSError, ValueError) as error:
        raise NameModelMissing from error
    return tagger


def tagged_names(reading: Reading) -> list[Entity]:
    """PERSON entities of a text: where the model holds a name likely and the words look like one.

    The model knows news; in a told story it takes ordinary words for names, which their
    likeness to ordinary text betrays.
    """
    pieces = [
        (start, end, log(probability / (1.0001 - probability)) + _weight(reading, start, end))
        for start, end, probability in _pieces(reading)
    ]
    found: list[Entity] = []
    for i, (start, end, odds) in enumerate(pieces):
        beside = [
            o for a, b, o in pieces[max(0, i - 1) : i + 2] if _touch(reading, a, b, start, end)
        ]
        if odds < (BESIDE_ODDS if max(beside) >= LEAST_ODDS else LEAST_ODDS):
            continue
        joins = found and _touch(reading, found[-1].start, found[-1].end, start, end)
        found.append(Entity(found.pop().start if joins else start, end, "PERSON", SCORE))
    return found


def _touch(reading: Reading, a: int, b: int, start: int, end: int) -> bool:
    """Whether only blanks, if anything, lie between two pieces."""
    return not reading.text[min(b, end) : max(a, start)].strip()


def _pieces(reading: Reading) -> Iterator[tuple[int, int, float]]:
    """Stretches without a blank whose words may all be names, with their mean probability."""
    names = _probabilities(reading.tagged, reading.rules.treebank_tags)
    at, run = 0, list[tuple[int, int, float]]()
    for word, probability in zip(reading.words, names, strict=True):
        end = at + len(word)
        if not word.isspace() and probability >= _least(reading, word):
            run.append((at, end, probability))
        else:
            yield from _trimmed(reading, run)
            run = []
        at = end
    yield from _trimmed(reading, run)


def _trimmed(
    reading: Reading, run: list[tuple[int, int, float]]
) -> Iterator[tuple[int, int, float]]:
    while run and (not _may_bound(reading, run[-1]) or _cue(reading, run[-1])):
        run = run[:-1]
    while run and not _may_bound(reading, run[0]):
        run = run[1:]
    if run:
        yield run[0][0], run[-1][1], sum(p for _, _, p in run) / len(run)


def _probabilities(tagged: list[tuple[str, str]], tags: Mapping[str, str]) -> list[float]:
    """For each word, how likely it belongs to a person's name."""
    if not tagged:
        return []
    document = [(word, "PU" if word.isspace() else tags.get(tag, "NN")) for word, tag in tagged]
    tagger = open_tagger()
    tagger.set([_features(document, i) for i in range(len(document))])
    return [sum(tagger.marginal(label, i) for label in LABELS) for i in range(len(document))]


def _weight(reading: Reading, start: int, end: int) -> float:
    return WEIGHT * _likeness(reading, start, end)


def _likeness(reading: Reading, start: int, end: int) -> float:
    """The most name-like of the stretches between dots; 0 for other scripts."""
    if not reading.thai(start):
        return 0.0
    pieces = [p for p in RUN.findall(reading.text, start, end) if len(p) > 1]
    if all(initials(p) for p in pieces):
        return UNLIKEST
    words = [(p, segmented(p)) for p in pieces]
    likest = max(max(given_likeness(p, w), family_likeness(p, w)) for p, w in words)
    return max(likest, UNLIKEST)


def _least(reading: Reading, word: str) -> float:
    if word in reading.rules.joined:
        return NEVER
    return SURE if len(word) > 2 and word in reading.rules.breaks else LEAST


def _cue(reading: Reading, piece: tuple[int, int, float]) -> bool:
    return reading.text[piece[0] : piece[1]] in reading.rules.cue_words


def _may_bound(reading: Reading, piece: tuple[int, int, float]) -> bool:
    word = reading.text[piece[0] : piece[1]]
    bare = word.strip()
    return any(c.isalpha() for c in bare) and (
        piece[2] >= SURE or bare not in reading.rules.not_names
    )


def _features(document: list[tuple[str, str]], i: int) -> dict[str, str | bool]:
    word, tag = document[i]
    features = _word("word.", word) | {"word.word": word, "postag": tag}
    features["word.isdigit()"] = features.pop("word.isdigit")
    if word.isdigit() and len(word) == 5:
        features["word.islen5"] = True
    features |= _beside(document, i - 1, "prev", "prepostag") if i else {"BOS": True}
    last = i == len(document) - 1
    features |= {"EOS": True} if last else _beside(document, i + 1, "next", "nextpostag")
    return features


def _beside(
    document: list[tuple[str, str]], i: int, side: str, tag_name: str
) -> dict[str, str | bool]:
    word, tag = document[i]
    features = _word(f"word.{side}", word)
    features[f"word.{side}wordisdigit"] = features.pop(f"word.{side}isdigit")
    return features | {f"word.{side}word": word, f"word.{tag_name}": tag}


def _word(prefix: str, word: str) -> dict[str, str | bool]:
    return {
        f"{prefix}stopword": word in thai_stopwords(),
        f"{prefix}isthai": is_thai(word),
        f"{prefix}isspace": word.isspace(),
        f"{prefix}isdigit": word.isdigit(),
    }
