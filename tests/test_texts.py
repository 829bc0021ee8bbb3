"""The texts of the explorer: complete in both languages, none missing in the code, none unused."""

import ast
import re
import tomllib
from enum import StrEnum
from pathlib import Path

import pytest

import crawler.names
from explorer.wording import FOLDER, LANGUAGES, lang_of, load_texts

EXPLORER = Path(__file__).parent.parent / "explorer"
TREES = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(EXPLORER.rglob("*.py"))]
# Tables asked by a value of the database: carriers, kinds of card readers, results of runs, files.
BY_VALUE = ("ui_carrier", "interface", "help_host", "data_file")
VOCABULARY = {
    str(word)
    for one in vars(crawler.names).values()
    if isinstance(one, type) and issubclass(one, StrEnum)
    for word in one
}


def said_in_code() -> tuple[set[str], list[re.Pattern[str]]]:
    """Return the string constants of the explorer and what its f-strings may become."""
    constants: set[str] = set()
    patterns = []
    for node in (node for tree in TREES for node in ast.walk(tree)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            constants |= {node.value, *node.value.split()}
        elif isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
            if any(part and re.search(r"[a-z]{2}", part) for part in parts):
                patterns.append(re.compile("".join(re.escape(p) if p else r"\w+" for p in parts)))
    return constants, patterns


def said_in_data() -> set[str]:
    """Return every word of the data files beside the code, such as the screens of login help."""
    texts = [path.read_text(encoding="utf-8") for path in EXPLORER.glob("*.toml")]
    return {word for text in texts for word in re.findall(r"\w+", text)}


def test_both_languages_have_the_same_texts():
    one, other = (
        {(table, code) for table, codes in load_texts(x).items() for code in codes} for x in LANGUAGES
    )
    assert one ^ other == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_and_no_table_is_written_twice(language: str):
    seen: set[tuple[str, str]] = set()
    for path in [FOLDER / f"{language}.toml", *FOLDER.glob(f"*.{language}.toml")]:
        for table, codes in tomllib.loads(path.read_text(encoding="utf-8")).items():
            for code, text in codes.items():
                assert text.strip(), (path.name, table, code)
                assert (table, code) not in seen, (path.name, table, code)
                seen.add((table, code))


def test_both_languages_name_the_same_values():
    ja, en = (load_texts(one) for one in LANGUAGES)
    for table, codes in ja.items():
        for code, text in codes.items():
            places = [set(re.findall(r"\{(\w+)", one)) for one in (text, en[table][code])]
            assert places[0] == places[1], (table, code)


def test_every_text_is_used():
    constants, patterns = said_in_code()
    known = constants | VOCABULARY | said_in_data()
    unused = [
        f"{table}.{code}"
        for table, codes in load_texts("ja").items()
        for code in codes
        if table not in BY_VALUE
        and code not in known
        and not any(pattern.fullmatch(code) for pattern in patterns)
    ]
    assert unused == []


def test_every_text_that_the_code_asks_for_is_there():
    texts = load_texts("ja")
    missing = []
    for node in (node for tree in TREES for node in ast.walk(tree)):
        if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say" and len(node.args) > 2):
            continue
        table, code = node.args[1], node.args[2]
        is_plain = isinstance(table, ast.Constant) and isinstance(code, ast.Constant)
        if is_plain and code.value not in texts.get(table.value, {}):
            missing.append(f"{table.value}.{code.value}")
    assert missing == []


def test_the_first_language_goes_without_saying_in_addresses():
    assert [lang_of(language) for language in LANGUAGES] == [{}, {"lang": "en"}]
