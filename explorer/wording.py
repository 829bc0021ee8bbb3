"""The sentences of `explorer/texts/{ja,en}.toml`, filled with values."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "texts"
LANGUAGES = ("ja", "en")


@cache
def load_texts(language: str) -> dict[str, dict[str, str]]:
    """Return all texts of a language: table -> code -> sentence. Raises KeyError for other languages."""
    if language not in LANGUAGES:
        raise KeyError(language)
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


def say(language: str, table: str, code: str, **values: Any) -> str:
    """Return a sentence; a value that is not known is shown as `?`, never as an error."""
    sentence = load_texts(language)[table][code]
    if "{" not in sentence:
        return sentence
    return sentence.format_map(_Values(values))


class _Values(dict[str, Any]):
    """Values by name; None and what is missing read `?`."""

    def __getitem__(self, name: str) -> Any:
        value = self.get(name)
        return "?" if value is None else value
