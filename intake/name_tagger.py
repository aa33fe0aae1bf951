"""Person names by a conditional random field: PyThaiNLP's NER model with the features it knows."""

from __future__ import annotations

from functools import cache
from importlib import resources

import pycrfsuite
from pythainlp.corpus import thai_stopwords
from pythainlp.tag import pos_tag
from pythainlp.tokenize import word_tokenize
from pythainlp.util import is_thai

from intake.entities import Entity
from intake.privacy_rules import load_privacy_rules
from runtime.errors import PartMissing

MODEL = "thainer_crf_1_5_1.model"
CORPUS = "tud"
SCORE = 0.7


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


def tagged_names(text: str) -> list[Entity]:
    """PERSON entities of ``text``."""
    words = word_tokenize(text, engine="newmm-safe", keep_whitespace=True)
    if "".join(words) != text:
        words = list(text)
    tags = load_privacy_rules().treebank_tags
    document = [
        (word, "PU" if word.isspace() else tags.get(tag, "NN"))
        for word, tag in pos_tag(words, corpus=CORPUS)
    ]
    labels = open_tagger().tag([_features(document, i) for i in range(len(document))])
    return _spans(words, labels)


def _spans(words: list[str], labels: list[str]) -> list[Entity]:
    found: list[Entity] = []
    at = 0
    for word, label in zip(words, labels, strict=True):
        end = at + len(word)
        if label == "I-PERSON" and found and found[-1].end == at:
            found[-1] = Entity(found[-1].start, end, "PERSON", SCORE)
        elif label in ("B-PERSON", "I-PERSON"):
            found.append(Entity(at, end, "PERSON", SCORE))
        at = end
    return found


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
