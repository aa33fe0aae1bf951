"""The people of invented stories: who they are, their part, their ties, and what stays open."""

from __future__ import annotations

import pytest

from intake.people import LivesWith, People, PersonRole, ProposedPerson
from intake.people_reading import find_people

CLIENT, REPORTER, BLAMED = (
    PersonRole.CLIENT,
    PersonRole.REPORTER,
    PersonRole.ALLEGED_PERPETRATOR,
)
TEACHER = (
    "ดิฉันครูนภัสสร สอนดีงาม ขอรายงานเรื่อง ด.ญ.พิมพ์ชนก แก้วใส ชื่อเล่นน้องมุก อายุ 10 ปี ครูเห็นแผลที่แขน "
    "เด็กบอกว่าโดนพ่อเลี้ยง ชื่อนายคมสัน ตีด้วยสายไฟ แม่ชื่อนางอรุณี ไปทำงานต่างจังหวัด ดิฉันไม่กล้าส่งเด็กกลับบ้าน"
)
SELF = "ผมชื่อธีรเดช มั่นคงดี อายุ 40 ผมเป็นหนี้นอกระบบ ผมโดนขู่ทุกวัน ผมไม่ได้นอนมาสามคืน เมียไปอยู่บ้านแม่แล้ว ผมกลัวมาก"
NURSE = (
    "ผู้ป่วย นายบุญมา ทองสุกใส อายุ 72 ปี นอนติดเตียง ภรรยาชื่อนางเพ็ญศรี อยู่ด้วยกันเป็นคนดูแล "
    "ถามเรื่องถูกตี ขัง ตอบว่าไม่มี ไม่มีใครทำร้าย"
)


def named(people: People, name: str) -> ProposedPerson:
    """The person whose name has these letters."""
    return next(p for p in people.persons if any(name in s.text for s in p.names))


def only(people: People, role: PersonRole) -> ProposedPerson:
    """The one person proposed for a part."""
    (found,) = people.playing(role)
    return found


@pytest.fixture(scope="module")
def teacher() -> People:
    """The people of a teacher's report."""
    return find_people(TEACHER)


@pytest.mark.parametrize("story", [TEACHER, SELF, NURSE, "ไม่มีใครเลย", ""])
def test_every_span_is_exact(story: str) -> None:
    people = find_people(story)
    spans = [s for p in people.persons for s in p.spans]
    spans += [s for p in people.persons for r in (*p.roles, *p.unsure) for s in r.spans]
    spans += [s for r in people.relations for s in (*r.spans, *r.lives_with_spans)]
    assert all(story[s.start : s.end] == s.text for s in spans)


def test_the_teacher_reports_the_child_is_meant_the_stepfather_blamed(teacher: People) -> None:
    assert only(teacher, REPORTER).speaker
    assert any("นภัสสร" in s.text for s in only(teacher, REPORTER).names)
    assert any("พิมพ์ชนก" in s.text for s in only(teacher, CLIENT).names)
    assert any("คมสัน" in s.text for s in only(teacher, BLAMED).names)


def test_a_nickname_joins_its_name(teacher: People) -> None:
    assert any("มุก" in s.text for s in named(teacher, "พิมพ์ชนก").names)


def test_traits_stand_where_they_are_said(teacher: People) -> None:
    child = named(teacher, "พิมพ์ชนก")
    assert child.age_years is not None
    assert child.age_years.value == 10
    assert child.sex is not None
    assert child.sex.value == "F"
    assert child.pregnant is None


def test_kinship_has_a_direction_and_an_inverse(teacher: People) -> None:
    child, mother = named(teacher, "พิมพ์ชนก"), named(teacher, "อรุณี")
    tie = next(r for r in teacher.relations if r.person == mother.id)
    assert (tie.relative, tie.kinship, tie.inverse) == (child.id, "mother", "child")
    assert tie.lives_with is LivesWith.NO
    assert PersonRole.PARENT in {r.role for r in mother.roles}


def test_who_tells_their_own_trouble_is_client_and_reporter() -> None:
    people = find_people(SELF)
    assert only(people, CLIENT) is only(people, REPORTER)
    assert only(people, CLIENT).speaker


def test_nobody_is_blamed_for_what_was_denied() -> None:
    people = find_people(NURSE)
    assert people.playing(BLAMED) == []
    assert people.playing(REPORTER) == []
    wife = named(people, "เพ็ญศรี")
    assert [r.lives_with for r in people.relations if r.person == wife.id] == [LivesWith.YES]
    assert any("บุญมา" in s.text for s in only(people, CLIENT).names)
    assert only(people, CLIENT).disability is not None


def test_what_is_told_of_the_client_by_role_is_told_of_the_named_person() -> None:
    people = find_people(
        "รับแจ้งว่า ผู้เสียหายอายุ 34 ปี ตั้งครรภ์ ถูกสามีตบหน้า นางสาวปิยะดา ทองแท้ มาที่ศูนย์เองเมื่อเช้า"
    )
    client = named(people, "ปิยะดา")
    assert client.age_years is not None
    assert client.age_years.value == 34
    assert client.pregnant is not None


def test_a_grown_child_of_somebody_old_can_be_blamed() -> None:
    people = find_people("ยายสำลี อายุ 81 ปี นอนติดเตียง อยู่กับลูกชายชื่อนายวิทยา ลูกชายด่ายายทุกวันแล้วผลักยายล้ม")
    assert any("วิทยา" in s.text for s in only(people, BLAMED).names)


def test_nobody_is_blamed_who_is_said_not_to_be_there() -> None:
    people = find_people("ไม่มีผู้ต้องหาในเรื่องนี้ น้องแป้ง อายุ 9 ปี หกล้มเอง")
    assert not people.playing(BLAMED)


def test_what_the_speaker_does_is_nobody_elses_doing() -> None:
    people = find_people("น้องสาวชื่อแพรว อยู่กับแม่ที่บ้าน วันนี้หนูด่าน้องไป หนูเสียใจ หนูเครียดมาก")
    assert not people.playing(BLAMED)


def test_years_together_are_nobodys_age() -> None:
    people = find_people("สามีชื่อนายเรวัตร จดทะเบียนกันมา 11 ปี ลูกชื่อด.ช.ภูผา อายุ 9 ปี")
    assert named(people, "เรวัตร").age_years is None
    age = named(people, "ภูผา").age_years
    assert age is not None
    assert age.value == 9
    little = named(find_people("น้องใบข้าวได้ 3 ขวบ แม่ไปทำงานมา 2 ปี"), "ใบข้าว").age_years
    assert little is not None
    assert little.value == 3


def test_a_pronoun_with_another_harmful_act_means_who_alone_did_several() -> None:
    people = find_people(
        "น.ส.พิมพ์ใจ อายุ 30 ปี คอบวม กลืนแล้วเจ็บ สามีชื่อนายเรวัตร ต่อยเข้าที่หน้า ถีบลงไปกองกับพื้น\n\n"
        "น.ส.พิมพ์ใจโดนแบบนี้มาสามครั้ง ครั้งก่อนย้ายไปอยู่บ้านพี่สาวสองคืนแล้วเขาไปตามกลับ "
        "บัตรประชาชนเขาเก็บไว้หมด พี่สาวชื่อคุณดวงแก้ว อยู่อีกอำเภอ"
    )
    (blamed,) = people.playing(BLAMED)
    assert "เรวัตร" in blamed.names[0].text
    assert BLAMED not in {r.role for r in named(people, "ดวงแก้ว").roles}


def test_mother_and_father_of_children_beside_them_are_who_was_named() -> None:
    people = find_people(
        "น.ส.อรทัย คำใบ อายุ 31 ปี มากับลูก ด.ญ.ปุยฝ้าย 8 ขวบ สามีชื่อนายสุเทพ ต่อยหน้าจนบวม "
        "ด.ญ.ปุยฝ้ายบอกว่าพ่อเคยบีบคอแม่ แม่ไม่กล้ากลับบ้าน ป้าชื่อนางเพ็ญให้ไปอยู่ด้วย"
    )
    assert "แม่" in {t.text for t in named(people, "อรทัย").terms}
    assert "พ่อ" in {t.text for t in named(people, "สุเทพ").terms}


def test_the_dead_are_nobodys_client() -> None:
    people = find_people(
        "นางมะลิ จันทา อายุ ๔๐ ปี สามีชื่อนายสมพร อายุ ๔๔ ปี กรีดยาง ถูกรถชนเสียชีวิตเมื่อวันจันทร์ "
        "นางมะลินั่งเหม่อ ด.ช.ต้นน้ำ ๙ ขวบ ร้องไห้หาพ่อทุกคืน พ่อเคยไปส่งที่โรงเรียนทุกเช้า วาดรูปพ่อแปะไว้"
    )
    assert named(people, "สมพร") not in people.playing(CLIENT)


@pytest.mark.parametrize(
    ("story", "said", "child"),
    [
        (
            "ผู้แจ้งเป็นป้าของเด็ก แจ้งว่าแม่ของเด็กทิ้งเด็กชายเอก ใจดี อายุ 5 ขวบไว้",
            ["ผู้แจ้ง", "ป้า"],
            "เอก",
        ),
        (
            "ผู้แจ้งเป็นเจ้าของร้านซักรีดข้างบ้าน แจ้งว่า ด.ญ.มะลิ ใจดี ถูกพ่อตี",
            ["ผู้แจ้ง", "ข้างบ้าน"],
            "มะลิ",
        ),
        ("ผู้แจ้งเป็น อสม. หมู่ 3 แจ้งว่า ด.ช.ต้น ใจดี ถูกตี", ["ผู้แจ้ง", "อสม."], "ต้น"),
    ],
)
def test_who_reported_is_what_they_are_said_to_be_and_nobody_named_next(
    story: str, said: list[str], child: str
) -> None:
    people = find_people(story)
    assert [s.text for s in only(people, REPORTER).terms] == said
    assert REPORTER not in {r.role for r in named(people, child).roles}


def ties(people: People) -> set[tuple[str, str, str]]:
    """Every tie as ``(who, is what, of whom)`` in the words of the story."""
    called = {p.id: (*p.names, *p.terms)[0].text for p in people.persons}
    return {(called[r.person], r.kinship, called[r.relative]) for r in people.relations}


def test_a_husband_is_the_wifes_and_a_father_the_childrens() -> None:
    people = find_people(
        "ผู้แจ้งเป็นเพื่อนบ้าน แจ้งว่านางสาวมาลี ใจดี อายุ 30 ปี ถูกสามีชื่อนายดำ ทุบตี มีลูกสองคน ชื่อ ด.ช.เอก กับ ด.ญ.โท "
        "แม่ของนางสาวมาลีอยู่ต่างจังหวัด พ่อเมาทุกวัน"
    )
    assert ties(people) == {
        ("นายดำ", "husband", "นางสาวมาลี ใจดี"),
        ("นายดำ", "father", "ด.ช.เอก"),
        ("นายดำ", "father", "ด.ญ.โท"),
        ("แม่", "mother", "นางสาวมาลี ใจดี"),
    }


def test_somebody_spoken_of_next_is_not_whose_kin_it_was() -> None:
    people = find_people("น้องมะลิไม่ยอมปล่อยมือแม่ ผู้แจ้งบอกว่า น.ส.ฟ้า ใจดี แม่ของน้องมะลิ ถูกสามีชื่อนายดำตี")
    assert not any(whose == "ผู้แจ้ง" for _, _, whose in ties(people))


@pytest.mark.parametrize("does", ["มาขอความช่วยเหลือ", "ติดยา", "ติดเหล้ามานาน"])
def test_what_somebody_does_is_no_family_name(does: str) -> None:
    people = find_people(f"นางแดง {does} และบอกว่าลูกไม่มีข้าวกิน")
    assert [s.text for p in people.persons for s in p.names] == ["นางแดง"]


@pytest.mark.parametrize(
    ("told", "blamed", "client"),
    [
        ("ข้างบ้านโทรมาว่าผัวตีเมียอีกแล้ว", "ผัว", "เมีย"),
        ("ชาวบ้านเห็นนายดำซ้อมเมียหน้าร้านค้า", "นายดำ", "เมีย"),
        ("ลูกชายตบตีแม่อายุ 71 ปี เมื่อคืนก็ด่าอีก", "ลูกชาย", "แม่"),
        ("ไอ้ดำไล่ตีเมีย แล้วมันก็ถือมีดยืนขู่หน้าบ้าน", "ไอ้ดำ", "เมีย"),
        ("ไอ้เเดงไล่ตีเมีย เเล้วมันก็ขู่จะเผาบ้าน", "ไอ้เเดง", "เมีย"),
        (
            "ยายคำมา อายุ 82 ปี อยู่คนเดียว หลานสาวมาพักเมื่อปีก่อน เอาบัตรเอทีเอ็มยายไปกดเงินหมด",
            "หลานสาว",
            "ยายคำมา",
        ),
    ],
)
def test_who_strikes_is_not_whom_it_befell(told: str, blamed: str, client: str) -> None:
    people = find_people(told)
    for role, word in ((BLAMED, blamed), (CLIENT, client)):
        assert word in {s.text for s in only(people, role).spans}
    assert all(told[s.start : s.end] == s.text for p in people.persons for s in p.spans)


@pytest.mark.parametrize(
    "told",
    [
        "ย่าติดเตียงหลังเส้นเลือดสมองตีบ ปู่ดูแลคนเดียว",
        "ตาไปด่านตรวจแล้วกลับมานอนเตียงเดิม",
        "หลานวัย 8 ปีออกไปเก็บของเก่ากับปู่ตั้งแต่ตีสี่",
    ],
)
def test_letters_inside_other_words_blame_nobody(told: str) -> None:
    assert find_people(told).playing(BLAMED) == []
