"""What the tests of docs/wasm share: its words, its libraries, a folder served as it would be published.

`python -m tests.wasm` writes docs/wasm/words.js from the explorer's texts.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from explorer.wording import LANGUAGES, load_texts
from tests.markdown import DOCS
from tests.needs import need

PAGE = DOCS / "wasm"
VENDOR = PAGE / "vendor"
WORDS = PAGE / "words.js"
TABLES = ("status", "capability_short", "origin")


def words_js() -> str:
    """Return the module: the explorer's words for statuses, uses and origins, in both languages."""
    words = {language: {name: load_texts(language)[name] for name in TABLES} for language in LANGUAGES}
    text = json.dumps(words, ensure_ascii=False, indent=2)
    return (
        f"// From explorer/texts by `python -m tests.wasm`; a test compares.\nexport const WORDS = {text};\n"
    )


def need_vendor() -> None:
    """Skip where `make wasm` was not run; fail where its files must be there."""
    is_there = (VENDOR / "duckdb-eh.wasm").exists()
    need(is_there, "DuckDB-WASM", "run `make wasm` (needs Node.js)", "MYNA_WASM")


class Handler(SimpleHTTPRequestHandler):
    def copyfile(self, source: Any, outputfile: Any) -> None:
        with suppress(ConnectionError):  # a tab that closes while it loads
            super().copyfile(source, outputfile)

    def log_message(self, *args: object) -> None:
        return


@contextmanager
def serving_folder(folder: Path) -> Iterator[str]:
    """Serve the files of a folder on loopback for as long as this is open; give the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


if __name__ == "__main__":
    WORDS.write_text(words_js(), encoding="utf-8")
