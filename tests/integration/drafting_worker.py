"""A worker of its own process that drafts with a chat model: for tests that kill it.

``python -m tests.integration.drafting_worker`` works on the database that ``CMIS_*`` names until it
is killed, with a quick pulse so that a dead worker's job is given back within seconds.
"""

from __future__ import annotations

from cases.drafting import TASK, DraftTask
from commands.wiring import Wiring
from intake.privacy import Masker
from planner.chat_model import open_chat
from planner.graph import Planner
from runtime.jobs import JobQueue, Pulse
from runtime.settings import load_settings

PULSE = Pulse(heartbeat_s=0.5, stalled_s=2.0, graceful_s=1.0)


def main() -> None:
    """Work."""
    wiring = Wiring(load_settings())
    planner = Planner(wiring.library, chat=open_chat(wiring.settings, Masker().mask))
    task = DraftTask(wiring.database, wiring.library, planner, wiring.vault)
    JobQueue(wiring.database).worker({TASK: task}, pulse=PULSE).run()


if __name__ == "__main__":
    main()
