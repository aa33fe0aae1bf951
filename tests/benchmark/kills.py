"""``python -m tests.benchmark.kills [--write]``: three hundred kills in a write-heavy run.

With ``--write`` the figures replace the section of the same name in ``docs/benchmarks.md``. It ends
with status 1 at the first damage.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.benchmark.drafting import BENCHMARKS
from tests.killing import LOGINS, damage, killed, office

HEADING = "## Kill -9"
KILLS = 300


def run(kills: int) -> tuple[Counter[str], Counter[str], float, list[str]]:
    """Kills and acknowledged writes by kind, seconds, damage."""
    folder = Path(tempfile.mkdtemp(prefix="cmis-k-", dir="/tmp"))
    try:
        with office(folder) as running:
            begun = time.monotonic()
            ledger, died = killed(running, kills)
            taken = time.monotonic() - begun
            return died, ledger.counted(), taken, damage(running, ledger)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def section(died: Counter[str], written: Counter[str], seconds: float, found: list[str]) -> str:
    """The figures as a section."""
    kills = ", ".join(f"{died[what]} of the {what}" for what in sorted(died))
    kinds = ", ".join(f"{what} {written[what]:,}" for what in sorted(written))
    bound = (
        ""
        if found
        else f"; by the rule of three fewer than {3 / died.total():.1%} of such kills do (95 %)"
    )
    return f"""{HEADING}

`make drills`: {died.total()} kills at random points ({kills})
while {len(LOGINS)} people wrote for {seconds:.0f} s. Acknowledged: {written.total():,} writes
({kinds}).

Lost, half-written, left over as files or refused by `cmis audit verify` after:
**{len(found)}**{bound}.
"""


def main(arguments: list[str]) -> int:
    """Kill, print, write."""
    *figures, found = run(KILLS)
    made = section(*figures, found)
    sys.stdout.write(made + "\n".join(found))
    if "--write" in arguments:
        old = BENCHMARKS.read_text("utf-8")
        before, _, rest = old.partition(HEADING)
        _, mark, behind = rest.partition("\n## ")
        BENCHMARKS.write_text(before.rstrip() + "\n\n" + made + mark + behind, "utf-8")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
