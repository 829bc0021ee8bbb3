"""A limit on the files that live sessions are given: they stay in memory until a session is over."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.runtime import Runtime

from explorer.web.problems import problem

UPLOADS = "/_stcore/upload_file/"
RETRY_SECONDS = 60


class UploadLimit:
    """ASGI middleware: all files together, those on their way too, take at most `most` bytes.

    Streamlit limits each file, but not how many of them a session keeps.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        self.app = app
        self.most = most
        self.coming = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_upload = scope["type"] == "http" and scope["method"] == "PUT"
        if not is_upload or not scope["path"].startswith(UPLOADS):
            await self.app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "")
        if not length.isdecimal():
            refusal = problem(411, "an upload says how long it is, found no Content-Length")
            await refusal(scope, receive, send)
            return
        if held_bytes() + self.coming + int(length) > self.most:
            again = {"retry-after": str(RETRY_SECONDS)}
            refusal = problem(503, "too many files are being checked; try again in a minute", again)
            await refusal(scope, receive, send)
            return
        self.coming += int(length)
        try:
            await self.app(scope, receive, send)
        finally:
            self.coming -= int(length)


def held_bytes() -> int:
    """Return how much the files of all sessions take in memory."""
    sessions = list(Runtime.instance().uploaded_file_mgr.file_storage.values())  # type: ignore[attr-defined]
    return sum(len(file.data) for files in sessions for file in list(files.values()))
