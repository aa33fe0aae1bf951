"""Every figure a family reports: a value by hand, rows where it is 0, rows where it is 1, bad rows.

A figure that a family reports and no row of this table names makes the test fail, so a new metric
comes with its four checks. Figures that are no share (seconds, words, counts) are checked at 0 and
1 in their own unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite, log2
from typing import Any

import pytest

from evals.calibration import calibration_error
from evals.family_list import FAMILIES
from evals.ranking_metrics import of_ranking
from evals.statistics import NotMeasurable

Row = dict[str, Any]


def coding(**changed: Any) -> Row:
    """A story: two codes wanted, one hit, one extra; one flag hit, one missed, three extra."""
    row: Row = {
        "id": "A",
        "hit": ["VIO-01"],
        "missed": ["ECO-01"],
        "extra": ["SUB-01"],
        "flags_hit": ["RF01"],
        "flags_missed": ["RF02"],
        "flags_extra": ["RF03", "RF04", "RF05"],
        "urgency": "24h",
        "urgency_wanted": "24h",
        "urgency_ok": True,
        "traps": ["MEN-01", "MEN-02", "DIS-01", "DIS-02"],
        "trapped": ["MEN-01"],
        "spans": 4,
        "spans_exact": 3,
        "scores": [[0.8, True], [0.6, False]],
        "overlaps": [[3, 0, 3]],
    }
    return row | changed


def drafting(**changed: Any) -> Row:
    """A draft: half of what must be in it, two thirds of its citations sound, one claim flagged."""
    row: Row = {
        "id": "A",
        "must": [{"covered": True}, {"covered": False}],
        "must_not": [{"broken": True}, {"broken": False}],
        "agencies": [{"covered": True}, {"covered": False}, {"covered": False}],
        "red_flags": [{"answered": True}, {"answered": False}],
        "counts": {"supported": 3, "claims": 4, "sound": 2, "citations": 3},
        "dealt_anew": {"supported": 1, "claims": 4, "sound": 1, "citations": 4},
        "forbidden": ["a1"],
        "uncited": ["s1", "s2", "s3"],
        "flagged": ["s4"],
        "open_at_once": 7,
        "ms": 150.0,
        "refused": False,
        "complete": 0.75,
        "readability": {
            "words_per_sentence": 12.0,
            "long_sentences": 0.25,
            "long_words": 0.1,
            "uncommon_words": 0.3,
        },
    }
    return row | changed


def counts(number: int) -> Row:
    """All citation counts alike."""
    return dict.fromkeys(("supported", "claims", "sound", "citations"), number)


NOTHING_SOUND = {"supported": 0, "claims": 4, "sound": 0, "citations": 4}
PERFECT_DRAFT = drafting(
    must=[{"covered": True}],
    must_not=[{"broken": True}],
    agencies=[{"covered": True}],
    red_flags=[{"answered": True}],
    counts=counts(1),
    dealt_anew=counts(1),
    forbidden=[],
    uncited=["s1"],
    flagged=[],
    open_at_once=1,
    ms=1.0,
    refused=True,
    complete=1.0,
    readability=dict.fromkeys(
        ("words_per_sentence", "long_sentences", "long_words", "uncommon_words"), 1.0
    ),
)
EMPTY_DRAFT = drafting(
    must=[{"covered": False}],
    must_not=[],
    agencies=[{"covered": False}],
    red_flags=[{"answered": False}],
    counts=NOTHING_SOUND,
    dealt_anew=NOTHING_SOUND,
    forbidden=[],
    uncited=[],
    flagged=["s1", "s2", "s3", "s4"],
    open_at_once=0,
    complete=0.0,
    ms=0.0,
    readability=dict.fromkeys(
        ("words_per_sentence", "long_sentences", "long_words", "uncommon_words"), 0.0
    ),
)
WRONG_CODING = coding(
    hit=[],
    flags_hit=[],
    urgency_ok=False,
    traps=["MEN-01"],
    trapped=["MEN-01"],
    spans_exact=0,
    scores=[[0.0, False]],
    overlaps=[[0, 2, 2]],
)
PERFECT_CODING = coding(
    missed=[], extra=[], flags_missed=[], flags_extra=[], trapped=[], spans_exact=4
) | {"scores": [[1.0, False]], "overlaps": [[3, 0, 0]]}
ALIKE = (("immediate_1h", "immediate_1h"), ("routine", "routine"))
CROSSED = ("immediate_1h", "routine")


def levels(*pairs: tuple[str, str]) -> list[Row]:
    """Stories with the engine's level and the key's."""
    return [coding(id=str(n), urgency=a, urgency_wanted=b) for n, (a, b) in enumerate(pairs)]


def ranked(*found: str) -> Row:
    """A question two rows answer (``a`` and ``b``), asked in 4 ms."""
    return {"id": "q", **of_ranking(found, {"a", "b"}), "ms": 4.0}


MISSED = {"id": "q", **of_ranking(["x"], {"a"}), "ms": 0.0}
FOUND = {"id": "q", **of_ranking(["a"], {"a"}), "ms": 1.0}
SECOND = ranked("x", "a", "y", "z", "u", "b")
SECOND_NDCG = (1 / log2(3) + 1 / log2(7)) / (1 + 1 / log2(3))


def masked(*of_all: int) -> Row:
    """A text: characters due, covered; entities due, found; characters masked, rightly masked."""
    return {"id": "t", "counts": {"ALL": list(of_all), "PERSON": list(of_all)}}


def screened(verdict: str, *unlike: str) -> Row:
    """A household that should be *likely*."""
    return {"id": "h", "wanted": "likely", "verdict": verdict, "differences": list(unlike)}


def ordered(*, changed: bool, repeated: bool, quoted: bool = False) -> Row:
    """A hidden order."""
    return {
        "id": "o",
        "changed": changed,
        "weakened": changed,
        "repeated": repeated,
        "quoted": quoted,
    }


def worked(**changed: Any) -> Row:
    """A case: two proposals kept, one removed, one doubtful taken, one added unoffered."""
    row: Row = {
        "id": "A",
        "codes": [{"code": c, "score": 0.7} for c in ("VIO-01", "ECO-01", "SUB-01")],
        "unsure": [{"code": "MEN-01", "score": 0.3}],
        "code_decisions": {
            "VIO-01": "accepted",
            "ECO-01": "accepted",
            "SUB-01": "removed",
            "MEN-01": "accepted",
            "DST-01": "added",
        },
        "urgency_proposed": "24h",
        "urgency_decided": "24h",
        "accepted": 5,
        "edited": 3,
        "struck": 2,
        "edit_share": 0.25,
        "minutes_to_approval": 90,
    }
    return row | changed


def offered(*codes: str) -> list[dict[str, Any]]:
    """Codes as a coding lists them."""
    return [{"code": c, "score": 0.5} for c in codes]


ALL_REFUSED = worked(
    unsure=offered("MEN-01"),
    code_decisions={"VIO-01": "removed", "MEN-01": "removed"},
    urgency_decided="routine",
    accepted=0,
    edited=0,
    struck=0,
    edit_share=0.0,
    minutes_to_approval=0,
)
ALL_KEPT = worked(
    code_decisions={"VIO-01": "accepted", "MEN-01": "accepted"},
    edit_share=1.0,
    minutes_to_approval=1,
)
ALL_MISSED = worked(codes=[], unsure=[], code_decisions={"DST-01": "added"})
# engine and worker by code: three answers each of yes and no, one crossed, as for urgency
ONE_CROSSED = worked(
    codes=offered("A-1", "A-2"),
    unsure=offered("A-3"),
    code_decisions={"A-1": "accepted", "A-2": "removed", "A-3": "removed"},
)
CHANCE = worked(codes=offered("A-1"), unsure=[], code_decisions={"A-1": "removed"})
AGREED = worked(
    codes=offered("A-1"),
    unsure=offered("A-2"),
    code_decisions={"A-1": "accepted", "A-2": "removed"},
)


def sentences(accepted: int, edited: int, struck: int) -> Row:
    """A case with so many sentences decided on."""
    return worked(accepted=accepted, edited=edited, struck=struck)


def levels_kept(*pairs: tuple[str, str]) -> list[Row]:
    """Cases with the level proposed and the level they have."""
    return [
        worked(id=str(n), urgency_proposed=a, urgency_decided=b) for n, (a, b) in enumerate(pairs)
    ]


def heard(**changed: Any) -> Row:
    """A clip: one of eight letters and one of four words wrong, 5 s of sound heard in 2 s."""
    row: Row = {
        "id": "c",
        "counts": [1, 8, 1, 4],
        "wordless": False,
        "heard": 8,
        "seconds": 5.0,
        "took_s": 2.0,
    }
    return row | changed


def wordless(letters: int, took_s: float = 5.0) -> Row:
    """A sound in which nobody speaks, and how many letters were written down."""
    return heard(counts=None, wordless=True, heard=letters, took_s=took_s)


QUIET = ordered(changed=False, repeated=False)
WON = ordered(changed=True, repeated=True)
Known = tuple[list[Row], float]

# family → figure → rows with a value by hand, rows where it is 0, rows where it is 1
TABLE: Mapping[str, Mapping[str, tuple[Known, list[Row], list[Row]]]] = {
    "retrieval": {
        "hit@1": (([SECOND, FOUND], 0.5), [MISSED], [FOUND]),
        "hit@5": (([SECOND, MISSED], 0.5), [MISSED], [FOUND]),
        "hit@10": (([SECOND, MISSED, MISSED], 1 / 3), [MISSED], [FOUND]),
        "recall@10": (([ranked("x", "a")], 0.5), [MISSED], [FOUND]),
        "multi_hit@5": (([SECOND, ranked("b", "a")], 0.5), [MISSED], [FOUND]),
        "mrr@10": (([SECOND], 0.5), [MISSED], [FOUND]),
        "ndcg@10": (([SECOND], SECOND_NDCG), [MISSED], [FOUND]),
        "p50_ms": (([SECOND, FOUND, MISSED], 1.0), [MISSED], [FOUND]),
    },
    "coding": {
        "micro_f1": (([coding()], 0.5), [WRONG_CODING], [PERFECT_CODING]),
        "macro_f1": (([coding()], 1 / 3), [WRONG_CODING], [PERFECT_CODING]),
        "red_flag_recall": (([coding()], 0.5), [WRONG_CODING], [PERFECT_CODING]),
        "red_flag_precision": (([coding()], 0.25), [WRONG_CODING], [PERFECT_CODING]),
        "urgency_accuracy": (([coding(), WRONG_CODING], 0.5), [WRONG_CODING], [PERFECT_CODING]),
        "traps_avoided": (([coding()], 0.75), [WRONG_CODING], [PERFECT_CODING]),
        "span_exact": (([coding()], 0.75), [WRONG_CODING], [PERFECT_CODING]),
        "span_f1": (([coding()], 2 / 3), [WRONG_CODING], [PERFECT_CODING]),
        "urgency_alpha": (
            # three answers each of two levels: observed 2 * d, expected 2 * 3 * 3 * d / 5
            (levels(*ALIKE, CROSSED), 1 - 5 / 9),
            levels(ALIKE[0], CROSSED),
            levels(*ALIKE),
        ),
        "calibration_error": (([coding()], 0.4), [WRONG_CODING], [PERFECT_CODING]),
        "abstention_area": (
            ([coding()], 0.25),
            [coding(scores=[[0.9, True]])],
            [coding(scores=[[0.9, False]])],
        ),
    },
    "drafting": {
        "citation_precision": (([drafting()], 2 / 3), [EMPTY_DRAFT], [PERFECT_DRAFT]),
        "citation_recall": (([drafting()], 0.75), [EMPTY_DRAFT], [PERFECT_DRAFT]),
        "uncited_sentences": (([drafting()], 3), [EMPTY_DRAFT], [PERFECT_DRAFT]),
        "must_covered": (([drafting()], 0.5), [EMPTY_DRAFT], [PERFECT_DRAFT]),
        "must_not_violations": (([drafting()], 2), [EMPTY_DRAFT], [PERFECT_DRAFT]),
        "agencies_covered": (([drafting()], 1 / 3), [EMPTY_DRAFT], [PERFECT_DRAFT]),
        "red_flags_answered": (([drafting()], 0.5), [EMPTY_DRAFT], [PERFECT_DRAFT]),
        "grounded_share": (([drafting()], 0.75), [EMPTY_DRAFT], [PERFECT_DRAFT]),
        "precision_dealt_anew": (([drafting()], 0.25), [EMPTY_DRAFT], [PERFECT_DRAFT]),
        "most_open_at_once": (([drafting(), EMPTY_DRAFT], 7), [EMPTY_DRAFT], [PERFECT_DRAFT]),
        "p50_ms": (([drafting(), EMPTY_DRAFT], 75.0), [EMPTY_DRAFT], [PERFECT_DRAFT]),
        "completeness": (([drafting(), EMPTY_DRAFT], 0.375), [EMPTY_DRAFT], [PERFECT_DRAFT]),
        "refused_share": (([drafting(), PERFECT_DRAFT], 0.5), [EMPTY_DRAFT], [PERFECT_DRAFT]),
        "words_per_sentence": (([drafting(), EMPTY_DRAFT], 6.0), [EMPTY_DRAFT], [PERFECT_DRAFT]),
        "long_sentences": (([drafting()], 0.25), [EMPTY_DRAFT], [PERFECT_DRAFT]),
        "long_words": (([drafting()], 0.1), [EMPTY_DRAFT], [PERFECT_DRAFT]),
        "uncommon_words": (([drafting()], 0.3), [EMPTY_DRAFT], [PERFECT_DRAFT]),
    },
    "privacy": {
        "recall": (([masked(10, 8, 2, 1, 16, 12)], 0.8), [masked(10, 0, 2, 0, 4, 0)], []),
        "precision": (([masked(10, 8, 2, 1, 16, 12)], 0.75), [masked(10, 0, 2, 0, 4, 0)], []),
        "entity_recall": (([masked(10, 8, 2, 1, 16, 12)], 0.5), [masked(10, 0, 2, 0, 4, 0)], []),
        "PERSON.recall": (([masked(10, 8, 2, 1, 16, 12)], 0.8), [masked(10, 0, 2, 0, 4, 0)], []),
    },
    "eligibility": {
        "agreement": (
            ([screened("likely"), screened("likely", "benefit")], 0.5),
            [screened("ask", "verdict")],
            [screened("likely")],
        ),
        "verdict_accuracy": (
            ([screened("likely"), screened("ask", "verdict")], 0.5),
            [screened("ask", "verdict")],
            [screened("likely")],
        ),
    },
    "injection": {
        "attack_success": (([QUIET, WON], 0.5), [QUIET], [WON]),
        "decisions_changed": (([WON, QUIET, QUIET, QUIET], 0.25), [QUIET], [WON]),
        "decisions_weakened": (([WON, QUIET, QUIET, QUIET], 0.25), [QUIET], [WON]),
        "quoted_in_steps": (
            ([QUIET, WON, ordered(changed=False, repeated=False, quoted=True), QUIET], 0.25),
            [WON],
            [ordered(changed=False, repeated=False, quoted=True)],
        ),
        "repeated_unmarked": (
            ([QUIET, ordered(changed=False, repeated=True)], 0.5),
            [QUIET],
            [WON],
        ),
    },
}


def judged(forward: str | None, backward: str | None, human: str | None = None) -> Row:
    """A pair of plans, asked in both orders; ours covers half of the key, theirs a quarter."""
    return {
        "id": "j",
        "answers": [forward, backward],
        "human": human,
        "must_ours": [True, True, False, False],
        "must_theirs": [True, False, False, False],
    }


def covering(*, ours: bool, theirs: bool) -> Row:
    """A pair of plans that cover the one thing asked for, or not."""
    return judged("tie", "tie") | {"must_ours": [ours], "must_theirs": [theirs]}


WE_WIN, THEY_WIN = judged("ours", "ours", "ours"), judged("theirs", "theirs", "theirs")
BIASED = judged("ours", "theirs", "ours")  # the first place, both times: a tie
TABLE_OF_JUDGES: Mapping[str, tuple[Known, list[Row], list[Row]]] = {
    "preferred": (([WE_WIN, WE_WIN, THEY_WIN, BIASED], 0.625), [THEY_WIN], [WE_WIN]),
    "consistent": (([WE_WIN, BIASED, judged("ours", None)], 0.5), [BIASED], [WE_WIN]),
    "answered": (
        ([WE_WIN, judged("ours", None), judged(None, None), THEY_WIN], 0.5),
        [judged(None, "tie")],
        [BIASED],
    ),
    "first_place": (([WE_WIN, BIASED], 0.75), [judged("theirs", "ours")], [BIASED]),
    "human_agreement": (
        ([WE_WIN, BIASED, judged("ours", "ours")], 0.5),
        [judged("ours", "ours", "theirs")],
        [WE_WIN],
    ),
    "human_alpha": (
        # three answers each, one pair crossed, as for urgency
        ([WE_WIN, THEY_WIN, judged("ours", "ours", "theirs")], 1 - 5 / 9),
        [judged("ours", "ours", "theirs")],
        [WE_WIN, THEY_WIN],
    ),
    "must_covered_ours": (
        ([WE_WIN], 0.5),
        [covering(ours=False, theirs=True)],
        [covering(ours=True, theirs=True)],
    ),
    "must_covered_theirs": (
        ([WE_WIN], 0.25),
        [covering(ours=True, theirs=False)],
        [covering(ours=True, theirs=True)],
    ),
}
NO_ERROR, ALL_WRONG = heard(counts=[0, 8, 0, 4], took_s=0.0), heard(counts=[8, 8, 4, 4])
TABLE_OF_SPEECH: Mapping[str, tuple[Known, list[Row], list[Row]]] = {
    "cer": (([heard(), NO_ERROR, wordless(3)], 1 / 16), [NO_ERROR], [ALL_WRONG]),
    "wer": (([heard(), NO_ERROR], 1 / 8), [NO_ERROR], [ALL_WRONG]),
    "invented_share": (
        ([wordless(3), wordless(0), wordless(0), wordless(0), heard()], 0.25),
        [wordless(0)],
        [wordless(1)],
    ),
    "seconds_per_second": (([heard(), NO_ERROR], 0.2), [NO_ERROR], [wordless(0)]),
}
TABLE_OF_WORKERS: Mapping[str, tuple[Known, list[Row], list[Row]]] = {
    "codes_accepted": (([worked()], 2 / 3), [ALL_REFUSED], [ALL_KEPT]),
    "codes_missed": (([worked()], 0.25), [ALL_KEPT], [ALL_MISSED]),
    "unsure_accepted": (([worked(), ALL_REFUSED], 0.5), [ALL_REFUSED], [ALL_KEPT]),
    "code_alpha": (([ONE_CROSSED], 1 - 5 / 9), [CHANCE], [AGREED]),
    "urgency_kept": (([worked(), ALL_REFUSED], 0.5), [ALL_REFUSED], [ALL_KEPT]),
    "urgency_alpha": (
        (levels_kept(*ALIKE, CROSSED), 1 - 5 / 9),
        levels_kept(ALIKE[0], CROSSED),
        levels_kept(*ALIKE),
    ),
    "sentences_accepted": (([worked()], 0.5), [sentences(0, 1, 0)], [sentences(2, 0, 0)]),
    "sentences_edited": (([worked()], 0.3), [sentences(1, 0, 0)], [sentences(0, 2, 0)]),
    "sentences_struck": (([worked()], 0.2), [sentences(1, 0, 0)], [sentences(0, 0, 2)]),
    "edit_share": (([worked(), worked(edit_share=0.75)], 0.5), [ALL_REFUSED], [ALL_KEPT]),
    "minutes_to_approval": (([worked(), ALL_REFUSED], 45.0), [ALL_REFUSED], [ALL_KEPT]),
}
TABLE = {
    **TABLE,
    "workers": TABLE_OF_WORKERS,
    "speech": TABLE_OF_SPEECH,
    "judge": TABLE_OF_JUDGES,
}
ALL_MASKED = [masked(10, 10, 2, 2, 10, 10)]
CASES = [(family, figure) for family, figures in TABLE.items() for figure in figures]


@pytest.mark.parametrize("family", FAMILIES)
def test_every_figure_of_a_family_stands_in_the_table(family: str) -> None:
    rows = next(iter(TABLE[family].values()))[0][0]

    assert set(FAMILIES[family].figures(rows)) == set(TABLE[family])


@pytest.mark.parametrize(("family", "figure"), CASES)
def test_a_value_by_hand_and_where_it_is_0_and_1(family: str, figure: str) -> None:
    (rows, value), zero, one = TABLE[family][figure]
    figures = FAMILIES[family].figures

    assert figures(rows)[figure] == pytest.approx(value)
    assert figures(zero)[figure] == pytest.approx(0)
    assert figures(one or ALL_MASKED)[figure] == pytest.approx(1)


@pytest.mark.parametrize(("family", "figure"), CASES)
def test_a_row_without_what_a_figure_needs_is_an_error_and_no_number(
    family: str, figure: str
) -> None:
    with pytest.raises(KeyError):
        FAMILIES[family].figures([{"id": "A"}])[figure]


@pytest.mark.parametrize("family", FAMILIES)
def test_no_rows_give_no_nan(family: str) -> None:
    found = FAMILIES[family].figures([])

    assert all(value is None or isfinite(value) for value in found.values())


def test_a_question_without_a_relevant_row_is_refused() -> None:
    with pytest.raises(ValueError, match="no relevant row"):
        of_ranking(["a"], set())


def test_a_score_outside_its_range_is_refused() -> None:
    with pytest.raises(NotMeasurable):
        calibration_error([(1.5, True)])
