"""The sentences of `explorer/texts/`, filled with values.

`{ja,en}.toml` holds what several pages say, `<page>.{ja,en}.toml` what one page says.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "texts"
LANGUAGES = ("ja", "en")


def lang_of(language: str) -> dict[str, str]:
    """Return the language for the query of a link; the first language goes without saying."""
    return {} if language == LANGUAGES[0] else {"lang": language}


@cache
def load_texts(language: str) -> dict[str, dict[str, str]]:
    """Return all texts of a language: table -> code -> sentence. Raises KeyError for other languages."""
    if language not in LANGUAGES:
        raise KeyError(language)
    texts: dict[str, dict[str, str]] = {}
    for path in [FOLDER / f"{language}.toml", *sorted(FOLDER.glob(f"*.{language}.toml"))]:
        for table, sentences in tomllib.loads(path.read_text(encoding="utf-8")).items():
            texts.setdefault(table, {}).update(sentences)
    return texts


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
