"""Run one command with a throw-away PostgreSQL and the secrets the settings ask for.

`python -m config.embedded.run -- COMMAND`
"""

import os
import secrets
import subprocess
import sys
from collections.abc import Sequence

from config.embedded import local
from config.embedded.postgres import start_throw_away


def throw_away_environment(database_url: str) -> dict[str, str]:
    """What the settings cannot do without, made up for one run."""
    return {
        "DATABASE_URL": database_url,
        "SECRET_KEY": secrets.token_urlsafe(64),
        "FERNET_KEYS": local.new_fernet_key(),
    }


def main(arguments: Sequence[str]) -> int:
    command = list(arguments[1:] if arguments[:1] == ["--"] else arguments)
    if not command:
        sys.stderr.write("usage: python -m config.embedded.run -- COMMAND …\n")
        return 2
    with start_throw_away() as server:
        environment = os.environ | throw_away_environment(server.url)
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
