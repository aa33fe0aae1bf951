"""Who may judge a danger otherwise stands beside it, on the page and in what the command prints."""

from __future__ import annotations

from planner.rendering import draft_text
from tests.drafts import LIBRARY, draft
from ui.plan_sections import sections


def test_a_danger_says_who_may_judge_it_otherwise() -> None:
    made = draft()
    risk = made.assessment.risks[0]
    items = dict(sections(made.model_dump(mode="json")))["risks"]
    found, answer = items[:2]
    assert found["override"] == list(risk.may_override)
    assert answer["who"] == list(risk.responsible)
    assert answer["due"]
    printed = draft_text(made)
    assert f"คือ {', '.join(LIBRARY.roles[r].th for r in risk.may_override)}" in printed
