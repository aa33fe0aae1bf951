"""All families by name."""

from __future__ import annotations

from evals.families import EngineUnknown, Family
from evals.family_coding import CODING
from evals.family_drafting import DRAFTING
from evals.family_eligibility import ELIGIBILITY
from evals.family_injection import INJECTION
from evals.family_judge import JUDGE
from evals.family_privacy import PRIVACY
from evals.family_retrieval import RETRIEVAL
from evals.family_speech import SPEECH
from evals.family_workers import WORKERS

FAMILIES: dict[str, Family] = {
    f.name: f
    for f in (RETRIEVAL, CODING, DRAFTING, PRIVACY, SPEECH, ELIGIBILITY, INJECTION, WORKERS, JUDGE)
}


def family(name: str) -> Family:
    """The family of that name. Raises `EngineUnknown`."""
    if name not in FAMILIES:
        raise EngineUnknown(engine=name, family="cmis eval", known=", ".join(FAMILIES))
    return FAMILIES[name]
