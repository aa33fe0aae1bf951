"""What a recogniser claims is judged: loops, silence and film credits are no story."""

from __future__ import annotations

import pytest

from intake.heard_words import segment, without_loops
from intake.recogniser import Heard, Piece, load_rules
from intake.transcript import Transcript

RULES = load_rules()


def said(
    text: str, *, logprob: float = -0.1, no_speech: float = 0.0, low: str = "", each: float = 0.9
) -> Heard:
    """An utterance, a piece a letter and a tenth of a second each; letters of ``low`` unsure."""
    pieces = tuple(
        Piece(i / 10, (i + 1) / 10, letter, 0.2 if letter in low else each)
        for i, letter in enumerate(text)
    )
    return Heard(0.0, len(text) / 10, text, logprob, no_speech, pieces)


def test_words_stand_at_their_places_with_times_and_confidence() -> None:
    found = segment(said(" พ่อตีแม่ เมื่อคืน"), 60.0, RULES)
    assert found is not None
    assert found.text == "พ่อตีแม่ เมื่อคืน"
    assert [w.text for w in found.words] == ["พ่อ", "ตี", "แม่", "เมื่อคืน"]
    assert all(found.text[w.offset : w.offset + len(w.text)] == w.text for w in found.words)
    assert found.words[0].start == pytest.approx(60.1)
    assert found.words[-1].end == pytest.approx(61.8)
    assert {w.confidence for w in found.words} == {0.9}
    assert not any(w.doubtful for w in found.words)


def test_a_word_is_as_sure_as_the_geometric_mean_of_its_letters() -> None:
    found = segment(said("แม่ตี", low="ี"), 0.0, RULES)
    assert found is not None
    assert [(w.text, w.doubtful) for w in found.words] == [("แม่", False), ("ตี", True)]
    assert found.words[1].confidence == pytest.approx((0.9 * 0.2) ** 0.5, abs=1e-3)


def test_doubts_are_exact_spans_of_the_whole_text() -> None:
    parts = [segment(said(text, low="ี"), 0.0, RULES) for text in ("พ่อตี", "แม่ดี นะ")]
    heard = Transcript(segments=tuple(p for p in parts if p), model="m", seconds=2)
    assert heard.text == "พ่อตี แม่ดี นะ"
    assert [d.text for d in heard.doubts()] == ["ตี", "ดี"]
    assert all(heard.text[d.start : d.end] == d.text for d in heard.doubts())


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("ฮัฮัฮัฮัฮัฮั", "ฮั"),
        ("ขอบคุณครับ ขอบคุณครับ ขอบคุณครับ ขอบคุณครับ", "ขอบคุณครับ"),
        ("พ่อตี ตี ตี แม่", "พ่อตี ตี ตี แม่"),
        ("เขาตีแล้วเขาตีแล้วเขาตีแล้วเขาตีแล้วก็หนี", "เขาตีแล้วก็หนี"),
        ("", ""),
    ],
)
def test_a_loop_is_cut_to_one_round_and_three_times_is_no_loop(text: str, kept: str) -> None:
    assert "".join(text[i] for i in without_loops(text, 4, 60)) == kept


def test_no_word_beside_a_loop_is_sure() -> None:
    found = segment(said("แม่เจ็บ" + "มากเลย" * 8 + "\ufffd", each=0.99), 0.0, RULES)
    assert found is not None
    assert found.text == "แม่เจ็บมากเลย"
    assert found.repeated
    assert all(w.doubtful for w in found.words)


def test_what_nobody_said_is_dropped() -> None:
    assert segment(said("   "), 0.0, RULES) is None
    assert segment(said("พ่อตีแม่", logprob=-1.2, no_speech=0.7), 0.0, RULES) is None
    assert segment(said("พ่อตีแม่", logprob=-0.3, no_speech=0.7), 0.0, RULES) is not None


def test_film_credits_are_dropped_or_at_least_doubted() -> None:
    credit = "โปรดติดตามตอนต่อไป"
    assert segment(said(credit, no_speech=0.4), 0.0, RULES) is None
    kept = segment(said(credit, no_speech=0.1, each=0.99), 0.0, RULES)
    assert kept is not None
    assert all(w.doubtful for w in kept.words)


def test_words_without_pieces_are_as_sure_as_their_segment() -> None:
    found = segment(Heard(0, 1, "พ่อตีแม่", -1.0, 0.0, ()), 0.0, RULES)
    assert found is not None
    assert {w.confidence for w in found.words} == {0.368}
