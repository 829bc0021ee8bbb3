"""What the load is compared with: a bare Starlette route, run as the explorer is."""

import os

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

BODY = b"x" * int(os.environ.get("MYNA_BARE_BYTES", "1000"))


async def fixed(_: Request) -> Response:
    return Response(BODY, media_type="application/json")


app = Starlette(routes=[Route("/fixed", fixed)])
