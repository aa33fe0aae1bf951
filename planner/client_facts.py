"""What the story says of the client in person: age, sex, pregnancy, a disability, with its words.

The reader of people (`intake.people_reading`) finds the traits; here it is decided whose they are.
The main problem's words tell whom a draft is about: whoever is named last before them, or the
likeliest client. A trait counts only where the age fits the noun of the problem, and never of
somebody who is accused: a wrong age is worse than a question too many.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from intake.people import People, PersonRole, ProposedPerson, Trait
from intake.people_reading import find_people
from intake.schemas import CodedProblem, FactValue
from planner.wording import ADULT, OLD, client_noun, read_words

NEAR = 60  # letters between whom a clause is about and the words of the problem
LIKELY = 0.8
FIELDS = ("age_years", "sex", "pregnant")


@lru_cache(maxsize=8)
def client_facts(text: str, problem: CodedProblem | None) -> tuple[FactValue, ...]:
    """The facts the words give of the client, by field of ``facts.yaml``; none where in doubt."""
    if problem is None or problem.code in read_words("persons")["either"]:
        return ()
    people = find_people(text)
    found = next((p for p in _candidates(people, problem) if _fits(p, problem)), None)
    return tuple(_facts(found)) if found else ()


def _candidates(people: People, problem: CodedProblem) -> Iterator[ProposedPerson]:
    """Whom the main problem's words are about, then the likely clients, the likeliest first."""
    if not problem.code.startswith(tuple(read_words("persons")["of_others"])):
        yield from _named_before(people, min((s.start for s in problem.spans), default=0))
    likely = [
        (role.score, p)
        for p in people.persons
        for role in (*p.roles, *p.unsure)
        if role.role is PersonRole.CLIENT and role.score >= LIKELY
    ]
    yield from (p for _, p in sorted(likely, key=lambda pair: -pair[0]))


def _named_before(people: People, start: int) -> list[ProposedPerson]:
    """Who is named at an offset or shortly before it, the nearest first."""
    before = [
        (mention.end, person)
        for person in people.persons
        for mention in person.spans
        if 0 <= start - mention.end <= NEAR or mention.start == start
    ]
    return [person for _, person in sorted(before, key=lambda pair: -pair[0])]


def _fits(person: ProposedPerson, problem: CodedProblem) -> bool:
    """Whether an age is told, and is one that the problem's person can have."""
    age = person.age_years.value if person.age_years else None
    if not isinstance(age, int):
        return False
    words = read_words("persons")
    noun = client_noun(problem.code, problem.code, {})
    if noun == words["young"]:
        return age < ADULT
    if noun in (words["old"], words["cared"]):
        return age >= OLD
    accused = any(r.role is PersonRole.ALLEGED_PERPETRATOR for r in person.roles)
    return age >= ADULT and not accused


def _facts(person: ProposedPerson) -> Iterator[FactValue]:
    for field in FIELDS:
        trait: Trait | None = getattr(person, field)
        if trait:
            yield FactValue(field=field, value=trait.value, spans=trait.spans)
