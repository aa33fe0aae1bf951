"""Trials: register one, see how far each is, end it with a reason, and only then unblind it."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

import streamlit as st

from ui import marks
from ui.calendar import day, today
from ui.desk import Desk, kindly
from ui.fields import choose, next_round, round_of

ARMS = ("ai_first", "own_view_first", "no_ai")
OUTCOMES = (
    "minutes_to_approval",
    "review_minutes",
    "edit_share",
    "codes_accepted",
    "codes_missed",
    "sentences_struck",
)
MONTHS = timedelta(days=180)
SEEDS = 10**9
NEW = "trial"


def draw(desk: Desk) -> None:
    """Every trial with what may be done next, and a drawer to register one."""
    st.caption(desk.say("research.trials_hint"))
    drawer = st.expander(
        desk.say("trials.register"),
        icon=":material/add:",
        key="trial-register",
        on_change="rerun",
    )
    if drawer.open:
        with drawer, kindly(desk):
            _register(desk)
    found = desk.api.get("/research/trials")
    if not found:
        st.info(desk.say("research.no_trials"), icon=":material/balance:")
    for trial in found:
        with st.container(border=True), kindly(desk):
            _trial(desk, trial)


def _trial(desk: Desk, trial: dict[str, Any]) -> None:
    asked = trial["registration"]
    state = "unblinded" if trial["unblinded_at"] else "ended" if trial["ended_at"] else "open"
    chips = marks.chip(desk.say(f"research.trial.{state}"), "quiet") + marks.chip(
        desk.say("research.taken", taken=trial["taken"], of=asked["sample_size"])
    )
    outcome = desk.say(f"outcome.{asked['outcome']}")
    st.html(marks.headline(asked["question"], trial["id"], chips, outcome))
    until = desk.say(
        "trials.days", since=day(asked["starts"], desk.lang), until=day(asked["ends"], desk.lang)
    )
    st.caption(f"{until} · {asked['stop_rule']} · sha256 {trial['sha256']}")
    if state == "open":
        _end(desk, trial)
    else:
        st.caption(desk.say("trials.ended", why=trial["end_reason"] or ""))
        _unblind(desk, trial, done=state == "unblinded")


def _end(desk: Desk, trial: dict[str, Any]) -> None:
    with st.form(f"end-{trial['id']}", border=False):
        why = st.text_input(
            desk.say("trials.reason"), max_chars=1000, help=desk.say("trials.end_means")
        )
        sent = st.form_submit_button(desk.say("trials.end"), icon=":material/stop_circle:")
    if sent:
        desk.api.post(f"/research/trials/{trial['id']}/end", {"reason": why.strip()})
        st.rerun()


def _unblind(desk: Desk, trial: dict[str, Any], *, done: bool) -> None:
    """The arm behind each letter; the first time it is written into the research log."""
    shown = f"arms-{trial['id']}"
    if not done and shown not in st.session_state:
        sure = st.checkbox(desk.say("trials.unblind_means"), key=f"sure-{trial['id']}")
        label, ready = desk.say("trials.unblind"), sure
    else:
        label, ready = desk.say("trials.arms"), True
    key = f"unblind-{trial['id']}"
    if st.button(label, key=key, disabled=not ready, icon=":material/visibility:"):
        st.session_state[shown] = desk.api.post(f"/research/trials/{trial['id']}/unblind")
        st.rerun()
    for letter, arm in st.session_state.get(shown, {}).items():
        st.markdown(f"**{letter}** {desk.say(f'arm.{arm}')}")


def _register(desk: Desk) -> None:
    """The registration; once sent it is frozen with its hash and nothing is changed."""
    at = round_of(NEW, "")
    seed = st.session_state.setdefault(f"trial-seed-{at}", secrets.randbelow(SEEDS))
    with st.form(f"trial-{at}", border=False):
        body: dict[str, Any] = {
            "id": st.text_input(desk.say("trials.id"), key=f"tid-{at}").strip(),
            "question": st.text_input(desk.say("trials.question"), key=f"tq-{at}").strip(),
            "approval": st.text_input(desk.say("trials.approval"), key=f"ta-{at}").strip(),
            "arms": st.multiselect(
                desk.say("trials.which_arms"),
                ARMS,
                default=ARMS[:2],
                format_func=lambda arm: desk.say(f"arm.{arm}"),
                key=f"tarms-{at}",
            ),
            "outcome": choose(
                desk,
                "trials.outcome",
                {name: desk.say(f"outcome.{name}") for name in OUTCOMES},
                key=f"to-{at}",
            ),
            "seed": seed,
            **_size(desk, at),
            "stop_rule": st.text_input(desk.say("trials.stop_rule"), key=f"tstop-{at}").strip(),
        }
        st.caption(desk.say("trials.frozen", seed=seed))
        sent = st.form_submit_button(desk.say("trials.start"), type="primary")
    if sent:
        desk.api.post("/research/trials", body)
        next_round(NEW, "")
        st.rerun()


def _size(desk: Desk, at: int) -> dict[str, Any]:
    one, two, three, four = st.columns(4)
    size = one.number_input(desk.say("trials.size"), 2, 100_000, 60, key=f"tn-{at}")
    block = two.number_input(desk.say("trials.block"), 2, 24, 6, key=f"tb-{at}")
    starts = three.date_input(
        desk.say("trials.starts"), today(), format="DD/MM/YYYY", key=f"ts-{at}"
    )
    ends = four.date_input(
        desk.say("trials.ends"), today() + MONTHS, format="DD/MM/YYYY", key=f"te-{at}"
    )
    return {
        "sample_size": int(size),
        "block_size": int(block),
        "starts": starts.isoformat(),
        "ends": ends.isoformat(),
    }
