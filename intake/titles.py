"""Where the titles and kinship words in front of a name end.

Many names begin as a title does (อา… is an uncle and the beginning of a hundred names), and a name
that loses its beginning is taken for somebody else's. So a title is cut off only where a name is
left: the whole is on no list of names, or the rest is the likelier one.
"""

from __future__ import annotations

from intake.name_likeness import given_names, nicknames
from intake.privacy_rules import Cue, load_privacy_rules
from intake.reading import ABOVE_OR_BELOW, segmented

MOST = 3
LEAST_LEFT = 2  # letters


def title_length(words: str) -> int:
    """How many letters of titles, kinship words and blanks stand before the name in ``words``.

    Behind a formal title or a rank no kinship word follows: what looks like one begins the name.
    """
    at, formal = 0, False
    for _ in range(MOST):
        cue, end = _title_at(words, at, formal=formal)
        if cue is None:
            break
        at, formal = end, formal or cue.formal
    return at


def is_title(words: str, end: int) -> bool:
    """Whether ``words[:end]`` stands before a name, and is not how the name begins."""
    rest = words[end:].split(maxsplit=1)
    if not rest or words[end] in ABOVE_OR_BELOW:
        return False
    if words[end].isspace() or words[end - 1] in ". ":
        return True
    return _stands_before(words[:end], rest[0])


def _stands_before(title: str, name: str) -> bool:
    whole = title + name
    if title in load_privacy_rules().formal:
        return True
    if _listed(name):
        return not (_listed(whole) and _one_word(title, whole))
    if _listed(whole) or title in load_privacy_rules().begin_names:
        return False
    return title in _beginnings(whole)


def _one_word(title: str, whole: str) -> bool:
    """Whether a listed name whose rest is a name as well is rather the name as a whole."""
    rules = load_privacy_rules()
    return whole in nicknames() or title in rules.begin_names or title not in _beginnings(whole)


def _listed(name: str) -> bool:
    return name in given_names() or name in nicknames()


def _beginnings(whole: str) -> set[str]:
    """What stands before each end of a word."""
    at, found = 0, set()
    for word in segmented(whole):
        at += len(word)
        found.add(whole[:at])
    return found


def _title_at(words: str, at: int, *, formal: bool) -> tuple[Cue | None, int]:
    for cue in load_privacy_rules().cues:
        found = None if cue.outside or (formal and not cue.formal) else cue.pattern.match(words, at)
        left = len(words) - found.end() if found else 0
        if found and left >= LEAST_LEFT and is_title(words[at:], found.end() - at):
            return cue, found.end()
    return None, at
