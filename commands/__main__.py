"""``python -m commands`` is ``cmis``."""

from commands.main import run

run()
