"""Every story of the golden set, and of the shared vignettes where they are, becomes a draft."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from commands.draft import draft_narrative
from commands.wiring import Wiring
from intake.narrative import accept
from planner.grounding import uncited
from planner.schemas import Draft
from runtime.settings import Settings
from tests.shared_data import shared

GOLDEN = Path(__file__).parents[2] / "evals" / "data" / "golden"
EACH_FILE = 1


@pytest.fixture(scope="module")
def wiring(settings: Settings) -> Iterator[Wiring]:
    made = Wiring(settings)
    yield made
    made.close()


def stories(file: Path) -> list[str]:
    return [v["narrative"] for v in yaml.safe_load(file.read_text(encoding="utf-8"))["vignettes"]]


def sound(wiring: Wiring, draft: Draft, story: str) -> None:
    """Every claim ends in words or a source, and every span is the story's own words."""
    assert uncited(draft, wiring.library) == []
    for sentence in draft.sentences():
        assert all(story[s.start : s.end] == s.text for s in sentence.spans)
    for risk in draft.assessment.risks:
        assert risk.response.text


@pytest.mark.parametrize("file", sorted(GOLDEN.glob("*.yaml")), ids=lambda f: f.stem)
def test_golden_stories(wiring: Wiring, file: Path) -> None:
    for story in stories(file)[:EACH_FILE]:
        sound(wiring, draft_narrative(wiring, accept(story)), story)


@pytest.mark.shared
def test_the_shared_vignettes(wiring: Wiring) -> None:
    folder = shared()
    if folder is None:
        pytest.skip("the shared vignettes are not beside the repository")
    counts = []
    for story in stories(folder / "reference" / "case-vignettes.yaml"):
        draft = draft_narrative(wiring, accept(story))
        sound(wiring, draft, story)
        counts.append(len(draft.codes))
    assert statistics.mean(counts) >= 3
