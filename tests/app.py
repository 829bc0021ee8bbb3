"""The explorer run by Streamlit's AppTest, without a browser: opens a page, gives what it shows."""

from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

APP = Path(__file__).parent.parent / "explorer" / "app.py"
Open = Callable[..., AppTest]


def open_app(view: str, query: dict[str, str | list[str]]) -> AppTest:
    """Run a page (`browse_list`; `` is the first) with what stands in its URL; `for_` stands for `for`."""
    app = AppTest.from_file(APP, default_timeout=30)
    if view:
        # AppTest begins at the first page: its choices stay, its texts go with the page after it.
        _ask(app, {name: value for name, value in query.items() if name in ("lang", "for_")})
        if view != "changes":
            app.switch_page("views/changes.py").run()
        app.switch_page(f"views/{view}.py")
    _ask(app, query)
    assert not app.exception
    return app


def _ask(app: AppTest, query: dict[str, str | list[str]]) -> None:
    for name, value in query.items():
        app.query_params[name.rstrip("_")] = value
    app.run()


def shown(app: AppTest) -> str:
    """Return all HTML of a page but its style sheet."""
    return "\n".join(block.value for block in app.html if "<style" not in block.value)
