"""The multidisciplinary conference: who is asked, what is open, who said what.

A conference stands on one version of the plan. Who disagreed is kept with the reason; a majority
never removes it. Invited people see the case while the conference lasts; what comes of it is
`cases.conference_outcomes`.
"""

from __future__ import annotations

from typing import Any

import orjson

from cases import audit, repository
from cases import conference_rows as rows
from cases.casework_errors import ConferenceUnfit
from cases.conference_rows import SQL
from cases.conference_schemas import Call, Post, Vote
from cases.people import CASE_ROLES, Person
from runtime.database import Database
from runtime.errors import Forbidden


class Conferences:
    """Conferences of cases."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def directory(self, person: Person) -> list[dict[str, Any]]:
        """People of every agency who can be invited, with their profession."""
        if person.role not in CASE_ROLES:
            raise Forbidden
        with self._database.session(person.actor) as session:
            return SQL.rows(session, "directory")

    def call(self, person: Person, case_id: str, wanted: Call) -> dict[str, Any]:
        """Call a conference on the newest version. Raises `ConferenceUnfit` or `CaseUnseen`."""
        if person.role not in CASE_ROLES:
            raise Forbidden
        with self._database.session(person.actor) as session:
            repository.seen_case(session, case_id, lock=True)
            version = rows.newest(session, case_id)
            if wanted.meets_at.tzinfo is None:
                raise ConferenceUnfit(what="meets_at")
            conference_id = repository.new_id()
            SQL.run(
                session,
                "add_conference",
                id=conference_id,
                case_id=case_id,
                version_id=version["id"],
                agenda=orjson.dumps(rows.agenda(version["content"], wanted.questions)).decode(),
                meets_at=wanted.meets_at,
                who=person.id,
            )
            rows.invite(session, person, case_id, conference_id, wanted.members)
            told = {"version": version["id"], "members": sorted(wanted.members)}
            audit.record(session, case_id, person.id, "conference_called", conference_id, told)
            return rows.read(session, conference_id)

    def invite(self, person: Person, conference_id: str, members: list[str]) -> dict[str, Any]:
        """Ask more people; raises `ConferenceUnfit`, `ConferenceOver` or `ConferenceUnseen`."""
        with self._database.session(person.actor) as session:
            held = rows.led(session, person, conference_id)
            rows.invite(session, person, held["case_id"], conference_id, members)
            told = {"members": sorted(members)}
            audit.record(
                session, held["case_id"], person.id, "conference_invited", conference_id, told
            )
            return rows.read(session, conference_id)

    def uninvite(self, person: Person, conference_id: str, user_id: str) -> dict[str, Any]:
        """Take an invitation back; the case closes to that person at once."""
        with self._database.session(person.actor) as session:
            held = rows.led(session, person, conference_id)
            SQL.run(session, "remove_member", conference_id=conference_id, user_id=user_id)
            told = {"member": user_id}
            audit.record(
                session, held["case_id"], person.id, "conference_uninvited", conference_id, told
            )
            return rows.read(session, conference_id)

    def read(self, person: Person, conference_id: str) -> dict[str, Any]:
        """A conference with its members, talk, votes and tasks; raises `ConferenceUnseen`."""
        with self._database.session(person.actor) as session:
            held = rows.read(session, conference_id)
            audit.record(session, held["case_id"], person.id, "conference_read", conference_id)
            return held

    def of_case(self, person: Person, case_id: str) -> list[dict[str, Any]]:
        """The conferences of a case; raises `CaseUnseen`."""
        with self._database.session(person.actor) as session:
            repository.seen_case(session, case_id)
            return SQL.rows(session, "of_case", case_id=case_id)

    def invited(self, person: Person) -> list[dict[str, Any]]:
        """Conferences this person is invited to and that are not closed."""
        with self._database.session(person.actor) as session:
            return SQL.rows(session, "invited", who=person.id)

    def write(self, person: Person, conference_id: str, post: Post) -> dict[str, Any]:
        """Add to a thread; raises `ConferenceUnfit`, `ConferenceOver` or `ConferenceUnseen`."""
        with self._database.session(person.actor) as session:
            held = rows.member(session, person, conference_id)
            rows.check_topic(session, held, post.topic)
            if post.answers and post.answers not in {p["id"] for p in held["posts"]}:
                raise ConferenceUnfit(what="answers")
            post_id = repository.new_id()
            SQL.run(
                session,
                "add_post",
                id=post_id,
                conference_id=conference_id,
                case_id=held["case_id"],
                who=person.id,
                name=person.name,
                **post.model_dump(),
            )
            audit.record(session, held["case_id"], person.id, "conference_post", post_id)
            return rows.read(session, conference_id)

    def vote(self, person: Person, conference_id: str, vote: Vote) -> dict[str, Any]:
        """Vote on the decision or a topic; a later vote stands beside the earlier one."""
        if vote.vote == "disagree" and not (vote.dissent or "").strip():
            raise ConferenceUnfit(what="dissent")
        with self._database.session(person.actor) as session:
            held = rows.member(session, person, conference_id)
            rows.check_topic(session, held, vote.topic)
            SQL.run(
                session,
                "add_vote",
                conference_id=conference_id,
                case_id=held["case_id"],
                version_id=held["version_id"],
                who=person.id,
                name=person.name,
                **vote.model_dump(),
            )
            told = {"topic": vote.topic, "vote": vote.vote}
            audit.record(
                session, held["case_id"], person.id, "conference_vote", conference_id, told
            )
            return rows.read(session, conference_id)

    def renew(self, person: Person, conference_id: str) -> dict[str, Any]:
        """Go on with the plan's newest version; votes on the decision begin anew.

        What was said, and questions of people, stay. Raises `ConferenceOver`, `ConferenceUnseen`.
        """
        with self._database.session(person.actor) as session:
            held = rows.led(session, person, conference_id)
            newest = rows.newest(session, held["case_id"])
            if newest["id"] != held["version_id"]:
                asked = [item["text"] for item in held["agenda"] if item["kind"] == "person"]
                items = orjson.dumps(rows.agenda(newest["content"], asked)).decode()
                SQL.run(session, "renew", id=conference_id, version_id=newest["id"], agenda=items)
                told = {"version": newest["id"]}
                audit.record(
                    session, held["case_id"], person.id, "conference_renewed", conference_id, told
                )
            return rows.read(session, conference_id)
