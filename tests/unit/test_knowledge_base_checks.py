"""`cmis kb check`: the shipped files are in order, and each way to break them is named in place.

All broken forms go into one copy of the data and all broken links into another, so the check runs
three times and not once for each of them; a mutation that would hide others has a file of its own.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from knowledge_base.checks import check, counts
from knowledge_base.findings import Finding
from knowledge_base.library import DATA


@dataclass(frozen=True)
class Mutation:
    """Replace ``old`` by ``new`` in ``file``: a finding ``code`` stands on a line with ``where``.

    ``found_in`` is the file it stands in when that is another one.
    """

    name: str
    file: str
    old: str
    new: str
    code: str
    where: str
    detail: str = ""
    found_in: str = ""


FORMS = (
    Mutation(
        "not YAML", "law/dormitory-2558.yaml", "    see: []\n", "    see: [\n", "unreadable", ""
    ),
    Mutation(
        "a key said twice",
        "law/alcohol-control-2551.yaml",
        "    see: []\n",
        "    see: []\n    see: []\n",
        "unreadable",
        "see: []",
        "twice",
    ),
    Mutation(
        "a tab",
        "law/begging-2559.yaml",
        "    when_th: ",
        "    when_th: \t",
        "invisible",
        "\t",
        "U+0009",
    ),
    Mutation(
        "a zero-width space",
        "roles.yaml",
        "th: ตำรวจ,",
        "th: ตำ\u200bรวจ,",
        "invisible",
        "\u200b",
        "U+200B",
    ),
    Mutation(
        "an unknown field of a scheme",
        "welfare/child-support-grant.yaml",
        "group: A",
        "colour: blue\ngroup: A",
        "form",
        "colour: blue",
        "colour",
    ),
    Mutation(
        "a wrong kind of criterion",
        "welfare/child-support-grant.yaml",
        "  kind: EXCL",
        "  kind: MAYBE",
        "form",
        "kind: MAYBE",
        "kind",
    ),
    Mutation(
        "a day that is none",
        "welfare/sso-child-allowance.yaml",
        "effective_to: '2024-12-31'",
        "effective_to: '2024-13-31'",
        "form",
        "2024-13-31",
        "effective_to",
    ),
    Mutation(
        "words for a number",
        "welfare/ltc-fund.yaml",
        "value: 10442",
        "value: ten thousand",
        "form",
        "ten thousand",
        "value",
    ),
    Mutation(
        "a scheme under another name",
        "welfare/help-1300.yaml",
        "id: help-1300",
        "id: help-1301",
        "name",
        "id: help-1301",
    ),
    Mutation(
        "an unknown confidence",
        "law/dv-2550.yaml",
        "confidence: statute",
        "confidence: sure",
        "form",
        "confidence: sure",
        "confidence",
    ),
    Mutation(
        "an unknown field of a law entry",
        "law/dv-2550.yaml",
        "    penalty_th: null",
        "    fine_th: null",
        "form",
        "fine_th",
        "fine_th",
    ),
    Mutation(
        "a time limit in words",
        "law/crim-proc.yaml",
        "within: 48h",
        "within: two days",
        "form",
        "two days",
        "within",
    ),
    Mutation(
        "an entry that ends before it begins",
        "law/victim-compensation-2544.yaml",
        "    effective_from: null\n    effective_to: null",
        "    effective_from: 2001-01-01\n    effective_to: 1999-01-01",
        "dates",
        "2001-01-01",
        "1999-01-01",
    ),
    Mutation(
        "a verified entry with no source",
        "law/justice-fund-2558.yaml",
        "    sources: [",
        "    sources: []\n    # [",
        "source",
        "- id: justice-fund-2558#5",
    ),
    Mutation(
        "a year of the Buddhist era",
        "law/teen-pregnancy-2559.yaml",
        "  effective_from: 2016-07-29",
        "  effective_from: 2559-07-29",
        "year",
        "2559-07-29",
    ),
    Mutation(
        "a day of looking up still to come",
        "hotlines.yaml",
        "  last_confirmed: '2026-11-22'",
        "  last_confirmed: '2099-11-22'",
        "to_come",
        "2099-11-22",
    ),
    Mutation(
        "a review in the Buddhist era",
        "appeals.yaml",
        "reviewed_on: '2026-11-24'",
        "reviewed_on: '2569-11-24'",
        "year",
        "2569-11-24",
    ),
    Mutation(
        "an amount below zero",
        "welfare/disability-home-modification.yaml",
        "  value: 40000",
        "  value: -40000",
        "amount",
        "-40000",
    ),
    Mutation(
        "an amount unlike its words",
        "welfare/elderly-home-modification.yaml",
        "  value: 40000",
        "  value: 4000",
        "amount_words",
        "value: 4000",
    ),
    Mutation(
        "a time limit unlike its words",
        "law/dv-2550.yaml",
        "{within: 3mo, start_th: วันที่ผู้ถูกกระทำ",
        "{within: 30mo, start_th: วันที่ผู้ถูกกระทำ",
        "limit_words",
        "30mo",
    ),
    Mutation(
        "a time limit of nothing",
        "law/dv-2550.yaml",
        "{within: 48h, start_th: วันออกคำสั่ง",
        "{within: 0h, start_th: วันออกคำสั่ง",
        "limit",
        "0h",
    ),
    Mutation(
        "a section in two entries",
        "law/child-protection-2546.yaml",
        "sections: ['23']",
        "sections: ['22']",
        "section_twice",
        "sections: ['22']",
        "22",
    ),
    Mutation(
        "an id that stands twice",
        "practice/topics.yaml",
        "- id: practice:intake\n",
        "- id: practice:assessment\n",
        "duplicate",
        "- id: practice:assessment",
        "practice:assessment",
    ),
    Mutation(
        "an empty text",
        "practice/approaches.yaml",
        "  title_en: null",
        "  title_en: '  '",
        "blank",
        "title_en: '  '",
        "title_en",
    ),
    Mutation(
        "a step that is no number",
        "practice/notes.yaml",
        "  steps:\n  - 1",
        "  steps:\n  - one",
        "form",
        "- one",
        "steps",
    ),
    Mutation(
        "a code that stands twice",
        "codebook.yaml",
        "- code: VIO-02",
        "- code: VIO-01",
        "duplicate",
        "- code: VIO-01",
        "VIO-01",
    ),
    Mutation(
        "an unknown field of the code book",
        "codebook.yaml",
        "version:",
        "edition: 2\nversion:",
        "form",
        "edition: 2",
        "edition",
    ),
    Mutation(
        "an ink nobody has",
        "interventions/D02.yaml",
        "ink: rule",
        "ink: blue",
        "form",
        "ink: blue",
        "ink",
    ),
    Mutation(
        "words for a telephone",
        "hotlines.yaml",
        "number: '1323'",
        "number: call us",
        "form",
        "call us",
        "number",
    ),
    Mutation(
        "a bad day of confirmation",
        "hotlines.yaml",
        "last_confirmed: '2026-11-22'",
        "last_confirmed: last week",
        "form",
        "last week",
        "last_confirmed",
    ),
    Mutation(
        "a rule between schemes nobody knows",
        "interactions.yaml",
        "rule: both",
        "rule: perhaps",
        "form",
        "perhaps",
        "rule",
    ),
    Mutation(
        "a verdict nobody gives",
        "welfare/cases/help-1300.yaml",
        "verdict: likely",
        "verdict: surely",
        "form",
        "surely",
        "verdict",
    ),
    Mutation(
        "a review after no time",
        "review.yaml",
        "months: 6",
        "months: 0",
        "form",
        "months: 0",
        "months",
    ),
    Mutation(
        "a list that is missing", "start-events.yaml", "starts:", "begins:", "form", "", "starts"
    ),
    Mutation(
        "English words of an unknown kind",
        "titles-en/words.yaml",
        "starts:\n",
        "endings:\n",
        "form",
        "endings:",
        "endings",
    ),
)
LINKS = (
    Mutation(
        "a dead reference between entries",
        "law/dv-2550.yaml",
        "    see: [",
        "    see: [dv-2550#99, ",
        "dead_link",
        "see: [dv-2550#99",
    ),
    Mutation(
        "a dead citation of an action",
        "interventions/D03.yaml",
        "        cites:\n",
        "        cites:\n          - law-nobody-made#1\n",
        "dead_link",
        "law-nobody-made",
    ),
    Mutation(
        "a condition nobody defined",
        "interventions/D04.yaml",
        "if: []",
        "if: [moon_is_full]",
        "dead_link",
        "moon_is_full",
    ),
    Mutation(
        "an unknown role of a question",
        "interventions/D05.yaml",
        "- who: school",
        "- who: astrologer",
        "dead_link",
        "astrologer",
    ),
    Mutation(
        "an unknown role in a law",
        "law/child-protection-2546.yaml",
        "who_must_act: [court",
        "who_must_act: [wizard, court",
        "dead_link",
        "wizard",
    ),
    Mutation(
        "an unknown code of a note",
        "practice/approaches.yaml",
        "  codes:\n  - VIO-01",
        "  codes:\n  - VIO-99",
        "dead_link",
        "VIO-99",
    ),
    Mutation(
        "an exemplar of an unknown flag",
        "red-flag-exemplars/RF01.yaml",
        "also: [RF03]",
        "also: [RF99]",
        "dead_link",
        "RF99",
    ),
    Mutation(
        "a bank named after another flag",
        "red-flag-exemplars/RF02.yaml",
        "flag: RF02",
        "flag: RF03",
        "name",
        "flag: RF03",
    ),
    Mutation(
        "a contrast without a known reason",
        "red-flag-exemplars/RF04.yaml",
        "why: negation",
        "why: mood",
        "form",
        "why: mood",
    ),
    Mutation(
        "a contrast that shows a code called None",
        "exemplars-second/VIO.yaml",
        "why: negation, is: null",
        "why: negation, is: None",
        "dead_link",
        "is: None",
    ),
    Mutation(
        "an exemplar in no known voice",
        "exemplars/MEN.yaml",
        "voice: spoken",
        "voice: sung",
        "form",
        "voice: sung",
    ),
    Mutation(
        "a story's sentence that shows an unknown code",
        "exemplar-stories/chat.yaml",
        "shows: [REP-01]",
        "shows: [REP-99]",
        "dead_link",
        "REP-99",
    ),
    Mutation(
        "a story's sentence with a key nobody knows",
        "exemplar-stories/spoken.yaml",
        "like: MEN-02",
        "liek: MEN-02",
        "form",
        "liek: MEN-02",
    ),
    Mutation(
        "a source in no register",
        "practice/topics.yaml",
        "  sources:\n  - S11",
        "  sources:\n  - S999",
        "dead_link",
        "S999",
    ),
    Mutation(
        "an unknown code of a condition",
        "conditions.yaml",
        "      codes:\n",
        "      codes:\n        - ZZZ-01\n",
        "dead_link",
        "ZZZ-01",
    ),
    Mutation(
        "a start nobody counts from",
        "interventions/D08.yaml",
        "start: knows_offence",
        "start: full_moon",
        "dead_link",
        "full_moon",
    ),
    Mutation(
        "a goal with no action",
        "interventions/D09.yaml",
        "- id: SUB-01.g1",
        "- id: SUB-01.g99",
        "goal_without_action",
        "SUB-01.g99",
    ),
    Mutation(
        "a document of no register",
        "interventions/D07.yaml",
        "      - doc:3\n",
        "      - doc:99\n",
        "dead_link",
        "doc:99",
    ),
    Mutation(
        "a rate without source",
        "welfare/volunteers.yaml",
        "  sources:\n  - S181\n",
        "  sources: []\n",
        "rate_source",
        "- key: vhv_monthly",
    ),
    Mutation(
        "rates that overlap",
        "welfare/sso-child-allowance.yaml",
        "effective_to: '2024-12-31'",
        "effective_to: '2025-06-30'",
        "overlap",
        "- key: monthly",
    ),
    Mutation(
        "a rate that ends before it begins",
        "welfare/volunteers.yaml",
        "effective_from: '2023-10-01'\n  effective_to: null",
        "effective_from: '2023-10-01'\n  effective_to: '2020-10-01'",
        "dates",
        "2023-10-01",
    ),
    Mutation(
        "a rate nobody checked",
        "welfare/land-bank.yaml",
        "  verified_on: '2026-11-22'",
        "  verified_on: null",
        "rate_checked",
        "- key: ",
    ),
    Mutation(
        "a test that cannot be read",
        "welfare/doe-jobs.yaml",
        "test: wants_work_or_training == true",
        "test: wants_work_or_training = = true",
        "criterion",
        "= =",
    ),
    Mutation(
        "an unknown fact in a test",
        "welfare/dsd-training.yaml",
        "test: wants_work_or_training == true",
        "test: wants_a_pony == true",
        "fact",
        "wants_a_pony",
    ),
    Mutation(
        "a value the fact cannot have",
        "welfare/free-education-15y.yaml",
        '"M4-6"',
        '"M9"',
        "fact_value",
        "M9",
    ),
    Mutation(
        "an unknown mark of evidence",
        "welfare/informal-debt.yaml",
        "  evidence: V",
        "  evidence: X",
        "evidence",
        "evidence: X",
    ),
    Mutation(
        "a hotline of no register",
        "welfare/shelter-children-families.yaml",
        "hotlines:\n- '1300'",
        "hotlines:\n- '9999'",
        "hotline",
        "9999",
    ),
    Mutation(
        "a red flag's line of no register",
        "codebook.yaml",
        "  - '1669'",
        "  - '9998'",
        "hotline",
        "9998",
    ),
    Mutation(
        "a situation that leads nowhere",
        "law-situations.yaml",
        "- child-protection-2546#41",
        "- child-protection-2546#411",
        "dead_link",
        "#411",
    ),
    Mutation(
        "a duty on no section",
        "duties.yaml",
        "basis: [child-protection-2546#29",
        "basis: [child-protection-2546#929",
        "dead_link",
        "#929",
    ),
    Mutation(
        "signs of an unknown code",
        "cue-rules.yaml",
        "  VIO-02:",
        "  VIO-92:",
        "dead_link",
        "VIO-92",
    ),
    Mutation(
        "a scheme that goes with nothing",
        "interactions.yaml",
        "schemes: [elderly-foster-family",
        "schemes: [elderly-palace",
        "dead_link",
        "elderly-palace",
    ),
    Mutation(
        "an unknown way to appeal",
        "welfare/nha-rental.yaml",
        "appeal: fund",
        "appeal: nobody",
        "dead_link",
        "appeal: nobody",
    ),
    Mutation(
        "a scheme nobody offers",
        "interventions/D07.yaml",
        "    schemes:\n",
        "    schemes:\n      - free-lunch-forever\n",
        "dead_link",
        "free-lunch-forever",
    ),
    Mutation(
        "an English title of no entry",
        "titles-en/law.yaml",
        "  penal#341:",
        "  penal#9341:",
        "dead_link",
        "penal#9341",
    ),
    Mutation(
        "an entry with no English title",
        "titles-en/law.yaml",
        "  penal#343: Defrauding the public\n",
        "",
        "untranslated",
        "- id: penal#343",
        found_in="law/penal.yaml",
    ),
    Mutation(
        "an English title that repeats its section",
        "titles-en/law.yaml",
        "  penal#352: Misappropriation",
        "  penal#352: Misappropriation, section 352",
        "section_in_title",
        "section 352",
    ),
    Mutation(
        "Thai in the English of a danger sign",
        "titles-en/flags.yaml",
        "  RF02:\n    sign: Strangled",
        "  RF02:\n    sign: ถูกบีบคอ Strangled",
        "not_english",
        "RF02:",
        "RF02",
    ),
    Mutation(
        "a number to call that the Thai does not name",
        "titles-en/flags.yaml",
        "    action: Call 1784 and 1669.",
        "    action: Call 1784 and 1696.",
        "figure",
        "RF20:",
        "1696",
    ),
    Mutation(
        "an amount told otherwise in English",
        "titles-en/schemes.yaml",
        "than 100,000 baht a person a year\n      E6",
        "than 120,000 baht a person a year\n      E6",
        "figure",
        "E5:",
        "120000",
    ),
    Mutation(
        "a criterion with no English",
        "titles-en/schemes.yaml",
        "      E4: Filed within 6 months of the death certificate\n",
        "",
        "untranslated",
        "elderly-funeral-support:",
        "E4",
    ),
    Mutation(
        "English for an amount nobody pays",
        "titles-en/schemes.yaml",
        "      lump: Lump sum of {value} baht each",
        "      lump: Lump sum of {value} baht each\n      wreath: A wreath",
        "dead_link",
        "wreath:",
        "wreath",
    ),
)
CASES = (
    Mutation(
        "a case that no longer passes",
        "welfare/cases/ucep-1669.yaml",
        "verdict: unlikely",
        "verdict: likely",
        "case",
        "- name_th: ",
        "verdict",
    ),
    Mutation(
        "a fact nobody knows in a case",
        "welfare/cases/zero-dropout.yaml",
        "child_age_years: 13",
        "child_age_in_moons: 160",
        "case",
        "facts:",
        "child_age_in_moons",
    ),
    Mutation(
        "a criterion that breaks its case",
        "welfare/sso-maternity.yaml",
        "contrib_months_15 >= 5",
        "contrib_months_15 >= 50",
        "case",
        "- name_th: ",
        "verdict",
        "welfare/cases/sso-maternity.yaml",
    ),
)


@dataclass(frozen=True)
class Checked:
    """A folder and what the check says of it."""

    data: Path
    findings: list[Finding]


def broken(tmp: Path, mutations: tuple[Mutation, ...]) -> Checked:
    data = tmp / "data"
    shutil.copytree(DATA, data)
    for mutation in mutations:
        file = data / mutation.file
        text = file.read_text(encoding="utf-8")
        assert mutation.old in text, mutation.name
        file.write_text(text.replace(mutation.old, mutation.new, 1), encoding="utf-8")
    return Checked(data, check(data))


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    return broken(tmp_path_factory.mktemp("forms"), FORMS)


@pytest.fixture(scope="module")
def links(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    return broken(tmp_path_factory.mktemp("links"), LINKS)


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    return broken(tmp_path_factory.mktemp("cases"), CASES)


def caught(checked: Checked, mutation: Mutation) -> bool:
    """Whether a finding names the file and the line of the mutation."""
    file = mutation.found_in or mutation.file
    lines = (checked.data / file).read_text(encoding="utf-8").split("\n")
    return any(
        f.file == file
        and f.code == f"check.{mutation.code}"
        and mutation.detail in f.detail
        and f.line >= 1
        and mutation.where in lines[f.line - 1]
        for f in checked.findings
    )


def test_the_shipped_files_are_in_order() -> None:
    assert check(DATA) == []


def test_there_is_as_much_as_was_asked_for() -> None:
    held = counts(DATA)

    assert held.law >= 250
    assert held.welfare == 75
    assert held.practice >= 200
    assert (held.codes, held.codes_reached) == (87, 87)
    assert held.document == 19
    assert held.cases >= 2 * held.welfare


@pytest.mark.parametrize("mutation", FORMS, ids=lambda m: m.name)
def test_a_broken_form_is_named_in_place(forms: Checked, mutation: Mutation) -> None:
    assert caught(forms, mutation)


@pytest.mark.parametrize("mutation", LINKS, ids=lambda m: m.name)
def test_a_broken_link_is_named_in_place(links: Checked, mutation: Mutation) -> None:
    assert caught(links, mutation)


@pytest.mark.parametrize("mutation", CASES, ids=lambda m: m.name)
def test_a_case_that_fails_is_named_in_place(cases: Checked, mutation: Mutation) -> None:
    assert caught(cases, mutation)


def test_nothing_is_said_of_files_nobody_touched(forms: Checked, links: Checked) -> None:
    for checked, mutations in ((forms, FORMS), (links, LINKS)):
        assert {f.file for f in checked.findings} == {m.found_in or m.file for m in mutations}


def test_every_finding_has_its_words_in_both_languages(forms: Checked, links: Checked) -> None:
    for finding in (*forms.findings, *links.findings):
        said = finding.to_json()
        assert not {said["message_th"], said["message_en"]} & {finding.code}, finding


def test_bytes_that_are_not_utf8_are_named(tmp_path: Path) -> None:
    (tmp_path / "roles.yaml").write_bytes(b"roles: []\n# \xff\xfe\n")
    (tmp_path / "list.yaml").write_text("- a\n- b\n", encoding="utf-8")

    assert [(f.file, f.code) for f in check(tmp_path)] == [
        ("list.yaml", "check.form"),
        ("roles.yaml", "check.unreadable"),
    ]


def test_a_folder_with_a_file_missing_is_refused_not_crashed(tmp_path: Path) -> None:
    found = check(tmp_path)

    assert [f.code for f in found] == ["check.form"]
    assert "sources-law.yaml" in found[0].detail


def test_an_entry_nobody_comes_to_is_lost(tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(DATA, data)
    notes = data / "practice" / "notes.yaml"
    lost = [
        f"- {{id: 'practice:lost-{n}', kind: practice, title_th: เด็ก, title_en: Child,"
        f" text_th: ข้อความที่ไม่มีใครถามถึง,"
        f" confidence: proposal, sources: [], reviewed_on: '2026-11-24', see: []}}"
        for n in range(12)
    ]
    notes.write_text(notes.read_text(encoding="utf-8") + "\n".join(lost) + "\n", encoding="utf-8")
    (data / "welfare" / "cases" / "volunteers.yaml").unlink()

    found = check(data)
    assert {f.code for f in found} == {"check.unreachable", "check.too_few_cases"}
    assert any(f.detail.startswith("practice:lost-") and f.line > 1 for f in found)
