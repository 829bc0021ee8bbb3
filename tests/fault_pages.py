"""Pages that the official sites could answer on a bad night, and the ways a server can fail."""

import gzip
import socket
import struct
from collections.abc import Callable, Iterable, Sequence
from http.server import BaseHTTPRequestHandler

Phone = tuple[str, str, str]
Handler = Callable[[BaseHTTPRequestHandler], None]

SENSE4: Phone = ("シャープ", "AQUOS sense4", "SH-41A")
PHONES: list[Phone] = [
    SENSE4,
    *(("シャープ", f"AQUOS T{n}", f"SH-{n}T") for n in range(100, 120)),
    *(("ソニー", f"Xperia T{n}", f"SO-{n}T") for n in range(100, 409)),
]
FEW: list[Phone] = [SENSE4, *(("ソニー", f"Xperia U{n}", f"SO-{n}U") for n in range(100, 125))]
NEW: Phone = ("ソニー", "Xperia Z999", "SO-99Z")
HEADER = ("機種名", "型番")
GOOD_PAGES_TAIL = "</div></body></html>"
MAINTENANCE = "<html><title>メンテナンス中</title><body><h1>ただいまメンテナンス中です。</h1></body></html>"
NOT_FOUND = (
    "<html><title>ページが見つかりません</title><body><h1>お探しのページは見つかりません</h1></body></html>"
)
LOGIN = (
    "<html><title>ログイン</title><body><h1>ログイン</h1><form><input name='id'>"
    "<p>ログインしてください</p></form></body></html>"
)
# What a person with ill will could get printed on a list.
HOSTILE = {
    "script": "<script>alert(1)</script> Xperia H1",
    "sql": "'; DROP TABLE device; --",
    "formula": "=cmd|' /C calc'!A0",
    "long": "Xperia " + "長" * 10_000,
    "nul": "Xperia\0H5",
    "right-to-left": "Xperia \u202eH6",
}


def answer(body: str, charset: str = "utf-8") -> str:
    """Return a FAQ page with this answer block."""
    return (
        f'<html><head><meta charset="{charset}"><title>対応機種は？</title></head><body>'
        '<div class="okw_bread_list">FAQ</div><h2 class="faq_qstCont_ttl">対応機種は？</h2>'
        f'<div id="faq_answer_contents">{body}{GOOD_PAGES_TAIL}'
    )


def listing(phones: Iterable[Phone], header: Sequence[str] = HEADER, more: Sequence[str] = ()) -> str:
    """Return these phones as one table a maker; `more` fills the columns after name and model."""
    tables: dict[str, str] = {}
    for maker, *cells in phones:
        row = "".join(f"<td>{_text(cell)}</td>" for cell in [*cells, *more][: len(header)])
        tables[maker] = tables.get(maker, "") + f"<tr>{row}</tr>\n"
    head = "".join(f"<th>{title}</th>" for title in header)
    return "".join(
        f"<h3>【{maker}】</h3><table><tr>{head}</tr>{rows}</table>" for maker, rows in tables.items()
    )


def _text(cell: str) -> str:
    return cell.replace("&", "&amp;").replace("<", "&lt;")


def start(handler: BaseHTTPRequestHandler, length: int, **headers: str) -> None:
    """Send the head of an HTML answer that promises `length` bytes."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html; charset=utf-8")
    handler.send_header("Content-Length", str(length))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    """Wait until the other side has closed; no longer than 20 s."""
    handler.close_connection = True
    handler.connection.settimeout(20)
    try:
        while handler.connection.recv(4096):
            pass
    except OSError:
        return


def silent(handler: BaseHTTPRequestHandler) -> None:
    hang_up(handler)


def reset(handler: BaseHTTPRequestHandler) -> None:
    """Break the connection in the middle of the body, hard (RST)."""
    start(handler, 50_000)
    handler.wfile.write(b"<html><body>" + b"x" * 1000)
    handler.wfile.flush()
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.close()


def drip(handler: BaseHTTPRequestHandler) -> None:
    """Send a byte now and then, for as long as somebody listens."""
    start(handler, 50_000)
    handler.close_connection = True
    handler.connection.settimeout(0.1)
    for _ in range(200):
        try:
            handler.wfile.write(b"x")
            if not handler.connection.recv(1):
                return
        except TimeoutError:
            continue
        except OSError:
            return


def short(page: str) -> Handler:
    """Promise more bytes than come."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        start(handler, len(page.encode()) + 1000)
        handler.wfile.write(page.encode())
        handler.close_connection = True

    return reply


def zipped(page: bytes, keep: float = 1.0) -> Handler:
    """Send the page as gzip, or only this share of it, and say so truly."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        whole = gzip.compress(page, compresslevel=1)
        body = whole[: int(len(whole) * keep)]
        start(handler, len(body), Content_Encoding="gzip")
        _send(handler, body)

    return reply


def endless(page: str, keep: float) -> Handler:
    """Send a share of the page without saying how long it is, then close: its end is missing."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html; charset=utf-8")
        handler.end_headers()
        handler.close_connection = True
        _send(handler, page.encode()[: int(len(page.encode()) * keep)])

    return reply


def huge(megabytes: int) -> Handler:
    """Send that many megabytes, until nobody listens."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html; charset=utf-8")
        handler.end_headers()
        handler.close_connection = True
        for _ in range(megabytes):
            if not _send(handler, b"x" * 1024 * 1024):
                return

    return reply


def _send(handler: BaseHTTPRequestHandler, body: bytes) -> bool:
    try:
        handler.wfile.write(body)
    except OSError:
        handler.close_connection = True
        return False
    return True


def first_fails(page: str, status: int) -> Handler:
    """Fail once with this status, then answer well."""
    asked: list[int] = []

    def reply(handler: BaseHTTPRequestHandler) -> None:
        asked.append(1)
        if len(asked) == 1:
            handler.send_error(status)
            return
        start(handler, len(page.encode()))
        handler.wfile.write(page.encode())

    return reply
