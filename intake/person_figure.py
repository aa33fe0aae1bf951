"""Somebody of a story while it is read: the places they are spoken of and with which words."""

from __future__ import annotations

from dataclasses import dataclass, field

from intake.mentions import NAME, SELF, Mention
from intake.people_words import Word, load_people_words


@dataclass(eq=False)
class Figure:
    """Somebody of a story in the making."""

    mentions: list[Mention] = field(default_factory=list)
    words: dict[str, Word] = field(default_factory=dict)
    first_names: set[str] = field(default_factory=set)
    owners: list[tuple[Mention, Mention]] = field(default_factory=list)  # kin word, whose it is
    speaker: bool = False
    grown: bool = False  # told to be an adult, whatever words of kin are used

    def add(self, mention: Mention, word: Word | None = None) -> None:
        """One more place where this person is spoken of."""
        if mention not in self.mentions:
            self.mentions.append(mention)
        found = word or mention.word
        if found and mention.kind != SELF:
            self.words.setdefault(found.id, found)

    @property
    def named(self) -> bool:
        """Whether the story names this person."""
        return any(m.kind == NAME for m in self.mentions)

    @property
    def young(self) -> bool:
        """Whether words call this person a child."""
        if self.grown:
            return False
        told = load_people_words().patterns["traits.young"]
        return any(w.young for w in self.words.values()) or any(
            told.match(m.text) for m in self.mentions if m.kind == NAME
        )

    @property
    def official(self) -> bool:
        """Whether this person is in the story by profession, or stands by."""
        words = self.words.values()
        return any(w.official for w in words) or (
            not self.named and any(w.bystander for w in words)
        )

    @property
    def first(self) -> int:
        """Where this person first appears."""
        return min(m.start for m in self.mentions)
