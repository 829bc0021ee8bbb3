"""A person at the explorer without a browser: speaks Streamlit's protocol over a real WebSocket."""

from types import TracebackType
from typing import Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

STREAM = "/_stcore/stream"
DONE = ForwardMsg.FINISHED_SUCCESSFULLY
CARD = 'data-result="1"'


class LiveSession:
    """`async with LiveSession("http://127.0.0.1:8501") as session: await session.run("q=SH-41A")`.

    `html` is what the last run drew, `is_answered` whether a card or a table was among it.
    """

    def __init__(self, url: str, cookie: str = "") -> None:
        self.url = url.replace("http", "ws", 1) + STREAM
        self.headers = {"Cookie": cookie} if cookie else {}
        self.connection: ClientConnection | None = None
        self.html = ""
        self.is_answered = False
        self.errors: list[str] = []
        self.session_id = ""
        self._widgets: dict[str, str] = {}

    async def __aenter__(self) -> Self:
        self.connection = await connect(
            self.url,
            subprotocols=["streamlit"],
            additional_headers=self.headers,
            max_size=None,
            proxy=None,
            open_timeout=60,
            ping_interval=None,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self.connection is not None
        await self.connection.close()

    async def run(self, query: str, page: str = "") -> str:
        """Run the script for this query of the address; return the HTML that it drew."""
        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_name = page
        return await self._rerun(message)

    async def ask(self, text: str, box: str, button: str = "") -> str:
        """Type the text into a box and press a button, both by their keys; return the HTML drawn."""
        message = BackMsg()
        states = message.rerun_script.widget_states.widgets
        states.add(id=self._widgets[box], string_value=text)
        if button:
            states.add(id=self._widgets[button], trigger_value=True)
        return await self._rerun(message)

    async def _rerun(self, message: BackMsg) -> str:
        assert self.connection is not None
        await self.connection.send(message.SerializeToString())
        self.html, self.is_answered, is_started = "", False, False
        async for data in self.connection:
            answer = ForwardMsg.FromString(data)
            kind = answer.WhichOneof("type")
            if kind == "delta":
                self._read(answer)
            elif kind == "new_session":
                is_started, self.session_id = True, answer.new_session.initialize.session_id
            elif kind == "script_finished" and is_started:
                if answer.script_finished == DONE:
                    return self.html
                # What was asked meanwhile begins anew.
                is_started = False
        raise ConnectionError("the server closed the session")

    def _read(self, answer: ForwardMsg) -> None:
        element = answer.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "html":
            self.html += element.html.body
            self.is_answered |= CARD in element.html.body
        elif kind in ("arrow_data_frame", "dataframe"):
            self.is_answered = True
        elif kind == "exception":
            self.errors.append(element.exception.message)
        elif kind in ("text_input", "button"):
            widget = getattr(element, kind).id
            self._widgets[widget.rpartition("-")[2]] = widget
