"""Reads a database as the pages do, in a process of its own: `python -m explorer.web.trial FILE`.

What a damaged or hostile file may do, it does here, and the server goes on. Prints schema_version and
built_at, a line each; exit code 3 where the file cannot be read.
"""

import os
import subprocess
import sys
from pathlib import Path

from explorer.database import NoDatabase
from explorer.queries import load_dataset
from explorer.store import open_store

MOST_SECONDS = 300.0


def main(path: Path) -> int:
    try:
        meta = load_dataset(path).meta
        open_store(path)
        print(meta["schema_version"], meta["built_at"], sep="\n")
    except (NoDatabase, KeyError) as error:
        print(error, file=sys.stderr)
        return 3
    return 0


def try_database(path: Path) -> list[str]:
    """Return schema_version and built_at of a file that the pages can read. Raises `NoDatabase`."""
    command = [sys.executable, "-m", "explorer.web.trial", str(path)]
    home = Path(__file__).parent.parent.parent
    try:
        done = subprocess.run(
            command, cwd=home, capture_output=True, text=True, timeout=MOST_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoDatabase(f"{path.name}: could not be tried ({type(error).__name__})") from error
    if done.returncode != 0:
        words = done.stderr.strip().splitlines() or [f"ended with {done.returncode}"]
        raise NoDatabase(words[-1].replace(f"{path.parent}{os.sep}", ""))
    return done.stdout.split("\n")[:2]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
