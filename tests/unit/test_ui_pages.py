"""What pages say before anything is drawn: gaps of a plan, the household, Thai digits."""

from __future__ import annotations

import re
from importlib import resources
from typing import Any

import yaml

from cases.seeds import demo_office
from ui import (
    approval_marks,
    approvals,
    case_story,
    completeness,
    document_file,
    family,
    frame_marks,
    keyboard,
    marks,
    numerals,
    ordering,
    plan_sections,
)
from ui.client import Refused
from ui.words import catalogue

EVIL = "<b>x</b>"


def sentence(text: str, **more: Any) -> dict[str, Any]:
    return {"id": text, "text": text, "parents": [], "citations": [], "spans": []} | more


def plan(*actions: dict[str, Any], goals: bool = True) -> dict[str, Any]:
    goal = {"sentence": sentence("เป้า"), "actions": list(actions)}
    problem = {"code": "VIO-01", "label_th": "รุนแรง", "goals": [goal] if goals else []}
    return plan_sections.whole({"plan": {"problems": [problem]}})


def action(text: str, **more: Any) -> dict[str, Any]:
    whole = {"sentence": sentence(text, citations=["c"]), "responsible": ["police"]}
    return whole | {"state": "open", "question": None} | more


def test_a_whole_plan_has_no_gaps() -> None:
    decided = [{"code": "VIO-01", "decision": "accepted"}, {"code": "X", "decision": "removed"}]
    assert completeness.gaps(plan(action("ก")), decided) == {}


def test_every_kind_of_gap_is_named_once() -> None:
    actions = (
        action("ไม่มีคน", responsible=[]),
        action("ไม่มีที่มา", sentence=sentence("ไม่มีที่มา", parents=["s1"])),
        action("ต้องถาม", state="ask", question=sentence("ถามก่อน")),
    )
    draft = plan(*actions) | {"deadlines": [{"duty": sentence("ครบกำหนด"), "due": None}]}
    found = completeness.gaps(draft, [{"code": "ECO-01", "decision": "added"}])
    assert found == {
        "no_goal": ["ECO-01"],
        "nobody": ["ไม่มีคน"],
        "no_date": ["ครบกำหนด"],
        "no_source": ["ไม่มีที่มา"],
        "to_ask": ["ถามก่อน"],
    }
    assert completeness.gaps(plan(goals=False), [])["no_goal"] == ["VIO-01 รุนแรง"]


def test_a_draft_without_its_parts_still_has_sections() -> None:
    names = [name for name, items in plan_sections.sections(plan_sections.whole({})) if items]
    assert names == []


def person(id_: str, role: str, **identity: Any) -> dict[str, Any]:
    roles = [{"role": role, "standing": "proposed"}]
    return {"id": id_, "identity": identity, "roles": roles, "erased": False}


def tie(one: str, other: str, **more: Any) -> dict[str, Any]:
    both = {"person_id": one, "relative_id": other, "kinship": "mother"}
    return both | {"lives_with": "yes", "standing": "proposed"} | more


def test_a_household_is_drawn_and_told() -> None:
    people = [person("a", "client", given_name="มะลิ"), person("b", "alleged_perpetrator")]
    ties = [tie("a", "b"), tie("a", "gone"), tie("b", "a", standing="removed")]
    dot = family.graph(people, ties, "th")
    assert '"a" -- "b"' in dot
    assert "gone" not in dot
    assert dot.count(" -- ") == 1
    assert "peripheries=2" in dot
    assert "dashed" in dot
    assert family.told(people, ties, "en") == "มะลิ is the mother of name not known"


def test_a_name_cannot_leave_its_quotes() -> None:
    dot = family.graph([person("a", "client", called='x" ]; evil [')], [], "th")
    assert '\\"' in dot


def test_thai_digits_leave_places_and_quoted_words_alone() -> None:
    assert numerals.template("ภายใน 24 ชั่วโมง {h1}") == "ภายใน ๒๔ ชั่วโมง {h1}"
    assert numerals.value(1300) == "๑๓๐๐"
    assert numerals.value("1300") == "1300"
    assert not numerals.chosen("th")


def test_a_passage_is_marked_and_dated() -> None:
    cited = {
        "id": "law#1",
        "title_th": "กฎหมาย",
        "passage": EVIL,
        "confidence": "verified",
        "official": True,
        "effective_from": "2004-03-30",
    }
    told = marks.evidence({"citations": ["law#1"]}, {"law#1": cited}, "th")
    assert "<mark>&lt;b&gt;" in told
    assert "30 มี.ค. 2547" in told
    assert EVIL not in told


def test_a_line_of_happenings_is_escaped() -> None:
    told = frame_marks.timeline([("วันนี้", "danger", EVIL, EVIL, '/case?x="')])
    assert EVIL not in told
    assert EVIL not in frame_marks.leave(EVIL, EVIL)


def test_thai_words_are_in_dictionary_order() -> None:
    told = {"a": "เกาะ", "b": "ขวด", "c": "กา", "d": "ก้าน", "e": "แก้ว", "f": "กาง"}
    assert list(ordering.ordered(told).values()) == ["กา", "กาง", "ก้าน", "เกาะ", "แก้ว", "ขวด"]


def test_every_kinship_of_a_story_has_its_words() -> None:
    file = resources.files("intake").joinpath("data", "kinship.yaml")
    book = yaml.safe_load(file.read_text(encoding="utf-8"))["kin"]
    kinds = set(book) | {row["inverse"] for row in book.values()}
    for lang in ("th", "en"):
        assert {f"kin.{kind}" for kind in kinds} <= set(catalogue(lang))


def test_every_role_of_the_demo_office_has_its_name() -> None:
    roles = {user["role"] for user in demo_office()["users"]}
    for lang in ("th", "en"):
        assert {f"duty.{role}" for role in roles} <= set(catalogue(lang))


def test_the_script_holds_nothing_that_looks_like_a_tag() -> None:
    """Streamlit's sanitizer drops a script with a tag in it, and no page would say so."""
    assert re.findall(r"<[/\w!]", keyboard.SCRIPT) == []
    assert "__WORDS__" in keyboard.SCRIPT


def test_an_approval_that_no_longer_fits_is_said_in_words() -> None:
    for what in ("content_hash", "closure_request", "sign_off_once"):
        refused = Refused(409, {"code": "sign_off.unfit", "details": {"what": what}})
        assert approvals.why(refused) in catalogue("th")
    assert approvals.why(Refused(409, {"code": "step.closed"})) is None


def test_requests_and_verdicts_stand_in_the_custody_of_a_document() -> None:
    asked = {"requested_name": "ก", "requested_at": "2026-11-24", "verdict": None, "comment": "ดี"}
    asked |= {"decided_name": "ข", "decided_at": "2026-11-25"}
    version = {"id": "v", "sha256": "h"}
    assert [a["act"] for a in approvals.as_acts([version], {"h": asked})] == ["approval_asked"]
    acts = approvals.as_acts([version], {"h": asked | {"verdict": "refused"}, "x": asked})
    assert [(a["act"], a["by_name"], a["note"]) for a in acts] == [
        ("approval_asked", "ก", None),
        ("approval_refused", "ข", "ดี"),
    ]
    assert EVIL not in approval_marks.line(
        asked | {"verdict": "approved", "comment": EVIL}, "th", "เอกสาร"
    )


def test_no_act_on_a_document_is_offered_that_would_be_refused() -> None:
    kind, open_one = {"may_sign": True}, {"state": "open", "may_change": True}

    def offered(role: str, document: dict[str, Any], *, own: bool, asked: bool) -> set[str]:
        eyes = document_file.Eyes(writes=True, own=own, asked={})
        may = document_file.may
        return {a for a in document_file.ACTS if may(a, role, document, kind, eyes, asked=asked)}

    worker = "social_worker_province"
    assert "erased" not in offered(worker, open_one, own=True, asked=False)
    assert "approval" in offered(worker, open_one, own=True, asked=False)
    assert "approval" not in offered(worker, open_one, own=True, asked=True)
    assert offered("supervisor", open_one, own=False, asked=False) & {"approval", "erased"} == set()
    theirs = open_one | {"may_change": False}
    assert offered(worker, theirs, own=False, asked=False) == {
        "sent",
        "received",
        "refused",
        "signed",
    }
    assert offered("supervisor", {"state": "withdrawn"}, own=True, asked=False) == {"erased"}
    assert offered(worker, {"state": "withdrawn"}, own=True, asked=False) == set()


def test_a_decided_code_stays_in_sight_and_one_taken_out_can_be_added_again() -> None:
    coding = {"codes": [{"code": "A"}], "unsure": [{"code": "B"}, {"code": "C"}]}
    decided = {"B": "accepted", "D": "added", "E": "removed"}
    sure, unsure = case_story.settled(coding, decided)
    assert ([c["code"] for c in sure], [c["code"] for c in unsure]) == (["A", "B"], ["C"])
    assert case_story.standing(coding, decided) == {"A", "B", "C", "D"}
