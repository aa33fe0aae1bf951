"""Stories of the bank are read by classifiers that have not learned them."""

from __future__ import annotations

import numpy as np

from evals.untaught import untaught
from intake.classifier import LEAST, train
from intake.normal import levelled
from intake.pieces import pieces
from intake.ridge import Ridge
from intake.rules import read
from knowledge_base.embedder import Embedder
from knowledge_base.exemplar_stories import load_code_exemplars, load_exemplar_stories
from knowledge_base.exemplars import load_sentences
from knowledge_base.kept_vectors import KeptVectors
from runtime.settings import load_settings


def test_without_some_texts_is_as_if_they_had_never_been_learned() -> None:
    texts = pieces(e.text for e in load_sentences()[:40])
    draw = np.random.default_rng(1)
    truth = (draw.random((40, 3)) < 0.3).astype(float)
    nothing = np.zeros((40, 0), np.float32)
    ridge = Ridge.opened(texts, nothing, LEAST)
    places = np.array([3, 4, 17])
    unlearned = ridge.dual_without(ridge.dual(truth), places)
    kernel = np.linalg.inv(ridge.inverse)
    rest = np.setdiff1d(np.arange(40), places)
    assert np.allclose(unlearned[places], 0.0, atol=1e-9)
    assert np.allclose(unlearned[rest], np.linalg.solve(kernel[np.ix_(rest, rest)], truth[rest]))


def test_the_banks_stories_are_told_whole_and_teach_sentence_by_sentence() -> None:
    told = load_exemplar_stories()
    assert all(len(story.codes) > 1 for story in told)
    assert all(s.text in story.text for story in told for s in story.sentences)
    assert load_code_exemplars()[-1] == told[-1].sentences[-1]


def test_a_story_says_less_to_a_classifier_that_has_not_learned_it(embedder: Embedder) -> None:
    bank, told = load_sentences()[:60], load_exemplar_stories()[:6]
    every = [*bank, *(s for story in told for s in story.sentences)]
    texts, kept = (
        pieces(levelled(e.text).text for e in every),
        KeptVectors(load_settings().cache_dir),
    )
    vectors = kept.of_sentences([p.text for p in texts], embedder)
    codes = sorted({e.home for e in every})
    taught = train(texts, [e.codes for e in every], vectors, codes).classifier
    found = list(untaught(bank, told, taught, embedder, kept))
    assert [len(stories) for stories, _ in found] == [5, 1]
    (story,), reader = found[1]
    assert story["narrative"] == told[-1].text
    piece = pieces([levelled(told[-1].sentences[1].text).text])
    vector = embedder.queries([piece[0].text])
    shown = codes.index(min(told[-1].sentences[1].codes))
    learned, new = (c.scores(piece, vector)[0, shown] for c in (taught, reader.classifier))
    assert new < learned
    assert reader.signs(read(told[-1].text)).windows > 1
