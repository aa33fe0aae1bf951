"""The evidence set over the reviewed library, without search."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from knowledge_base.entries import Kind
from knowledge_base.evidence import WANTED, CodeUnknown, gather
from knowledge_base.library import Library, load_library

TODAY = date(2026, 6, 1)


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


def test_every_code_has_law_or_scheme_and_practice(library: Library) -> None:
    found = gather(library, None, library.codebook.codes, TODAY)

    for code, kinds in found.by_code.items():
        assert kinds[Kind.PRACTICE], code
        assert kinds[Kind.LAW] or kinds[Kind.WELFARE], code


def test_entries_stand_under_their_kind_and_only_once(library: Library) -> None:
    found = gather(library, None, list(library.codebook.codes)[:20], TODAY)

    for kinds in found.by_code.values():
        for kind, ids in kinds.items():
            assert len(ids) == len(set(ids))
            assert all(library.entries[i].kind is kind for i in ids)


def test_what_is_missing_is_said(library: Library) -> None:
    code = next(iter(library.codebook.codes))

    found = gather(replace(library, interventions={}), None, [code], TODAY)

    assert found.missing == {code: WANTED}
    assert not found.is_complete
    assert gather(library, None, [], TODAY).is_complete


def test_law_not_yet_in_force_is_no_evidence(library: Library) -> None:
    now, long_ago = (
        gather(library, None, library.codebook.codes, day) for day in (TODAY, date(1990, 1, 1))
    )

    def law(kinds: object) -> set[str]:
        return {i for k in kinds.by_code.values() for i in k[Kind.LAW]}  # type: ignore[attr-defined]

    assert law(long_ago) < law(now)


def test_an_unknown_code_is_no_silence(library: Library) -> None:
    with pytest.raises(CodeUnknown):
        gather(library, None, ["no-such-code"], TODAY)
