"""A trial as it is registered before it starts; its hash is frozen then and nothing is changed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from cases.canonical import content_hash
from cases.research_errors import TrialBroken

Arm = Literal["ai_first", "own_view_first", "no_ai"]
Outcome = Literal[
    "minutes_to_approval",
    "review_minutes",
    "edit_share",
    "codes_accepted",
    "codes_missed",
    "sentences_struck",
]


class Registration(BaseModel):
    """What is asked, of whom, by which arms, and when it ends. ``outcome`` is the one that counts.

    ``seed`` enters the order of the arms together with the installation's secret, so that the
    order can be checked later and foreseen by nobody.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9-]{3,60}$")
    question: str = Field(min_length=10, max_length=1000)
    approval: str = Field(min_length=3, max_length=200)
    arms: tuple[Arm, ...] = Field(min_length=2, max_length=3)
    outcome: Outcome
    sample_size: int = Field(ge=2, le=100_000)
    seed: int
    block_size: int = Field(ge=2, le=24)
    starts: date
    ends: date  # the last day
    stop_rule: str = Field(min_length=10, max_length=1000)
    agencies: tuple[str, ...] = ()  # none: all

    @model_validator(mode="after")
    def _consistent(self) -> Registration:
        if len(set(self.arms)) != len(self.arms):
            raise ValueError("an arm stands twice")
        if self.block_size % len(self.arms):
            raise ValueError("block_size is no multiple of the number of arms")
        if self.ends < self.starts:
            raise ValueError("ends lies before starts")
        return self

    @property
    def sha256(self) -> str:
        """The hash of everything registered."""
        return content_hash(self.model_dump(mode="json"))

    def takes(self, agency_id: str, day: date) -> bool:
        """Whether a case of that agency is randomised on that day."""
        return self.starts <= day <= self.ends and (not self.agencies or agency_id in self.agencies)


def read_registration(file: Path) -> Registration:
    """The registration of a YAML file. Raises `TrialBroken`."""
    try:
        return Registration.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        reason = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        raise TrialBroken(file=file.name, reason=reason) from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise TrialBroken(file=file.name, reason=type(error).__name__) from error
