"""Large files get the answers of `check`: row by row, by the join as by Python."""

import csv
import io
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.items import CatalogueRow
from crawler.names import Capability, match_key
from crawler.refresh import build
from crawler.sources import Folders
from explorer.check import check
from explorer.hits import in_japan
from explorer.index import Found
from explorer.large import files
from explorer.large.answer import Task, answer_file
from explorer.large.columns import BadTable, answer_of, find_columns
from explorer.large.join import plain_key_sql
from explorer.large.plain import KEEPS_CASE, WORD, PlainKey, is_plain, plain_keys
from explorer.lookup import find
from explorer.queries import Dataset, load_dataset
from tests.accuracy import read_queries
from tests.test_build import night

ROOT = Path(__file__).parent.parent
SEPARATORS = ["", "", "", " ", "-", "_", " (", ") ", "  "]


# What a reading takes out, replaces or counts, and what it is put around: to mislead about a device abroad.
MISLEADING = "au y lg Sharp SONY docomo light st gen mk pro lite 5g Galaxy nova mac android model 2 plus one"
AROUND = "SH-41A|SO-52A|Pixel 4a|Galaxy A54|AQUOS sense4|iPhone SE|Xperia 1 V|Zed 77X|Vel|QX 9|K35 B1|7 Up"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """A database with devices abroad whose names and numbers are close to those of devices here."""
    folders = Folders(state=tmp_path_factory.mktemp("world"))
    texts = {
        form.format(word=word, name=name)
        for word in MISLEADING.split()
        for name in AROUND.split("|")
        for form in ("{word} {name}", "{name} {word}", "{name}{word}")
    }
    rows = [
        CatalogueRow(("LG", "Sony", "Zzz")[at % 3], text, f"d{at}", text if at % 2 else f"M{at}-{text}")
        for at, text in enumerate(sorted(texts))
    ]
    night(folders, 1, "play-catalogue", *rows)
    build(folders)
    return load_dataset(folders.database)


@pytest.fixture(scope="module", params=["here", "world"])
def asked(request: pytest.FixtureRequest) -> Dataset:
    """The database of the bundled pages, and that with devices abroad."""
    found: Dataset = request.getfixturevalue("data" if request.param == "here" else "world")
    return found


@pytest.fixture(scope="module")
def plain(asked: Dataset) -> dict[str, PlainKey]:
    return {one.key: one for one in plain_keys(asked.index)}


def said(found: Found) -> tuple[Any, ...]:
    """Return what a text was found to mean; an OS beside it would not be for its key to say."""
    assert (found.os, found.os_text) == (None, "")
    return found.match, found.device_id, found.model_number


def by_key(plain: dict[str, PlainKey], text: str) -> PlainKey | None:
    """Return the key that alone decides for a text, as the join finds it."""
    one = plain.get(match_key(text)) if is_plain(text) else None
    return one if one and (re.search(WORD, text) or not one.needs_word) else None


def checked(data: Dataset, text: str, os_text: str) -> tuple[Any, ...]:
    """Return what `check` says, without words: match, device id, (status, first reason) of each."""
    answer = check(data, text, os_text)
    device = answer["device"] or {"device_id": None}
    verdicts = [(one["status"], one["reasons"][0]["code"]) for one in answer["answers"]]
    return answer["match"], device["device_id"], *verdicts


def written(row: dict[str, Any]) -> tuple[Any, ...]:
    """Return the same of a row of a written table."""
    verdicts = [(row[one], row[f"{one}_reason"]) for one in Capability]
    return row["match"], row["device_id"], *verdicts


def test_most_keys_of_devices_sold_here_decide_alone(data: Dataset):
    ascii_keys = [key for key in data.index.keys if key.isascii()]
    assert len(list(plain_keys(data.index))) > 0.9 * len(ascii_keys) > 1000


def test_keys_abroad_decide_alone_only_where_no_word_misleads(world: Dataset):
    keys = {one.key: one for one in plain_keys(world.index)}
    abroad = [key for key, hits in world.index.keys.items() if not in_japan(world.index, hits)]
    decided = [key for key in abroad if key in keys]
    assert 100 < len(decided) < len(abroad) / 2
    assert any(keys[key].needs_word for key in decided)


def test_every_plain_key_says_what_the_lookup_says(asked: Dataset, plain: dict[str, PlainKey]):
    assert len(plain) > 1000
    assert [
        key for key in plain if by_key(plain, key) and said(find(asked.index, key)) != plain[key][2:]
    ] == []


def test_a_name_or_number_as_printed_is_what_its_key_says(asked: Dataset, plain: dict[str, PlainKey]):
    printed = {text for one in asked.devices.values() for text in (one.name, *one.model_numbers)}
    known = {text: one for text in printed if (one := by_key(plain, text))}
    assert len(known) > 400
    assert [text for text, one in known.items() if said(find(asked.index, text)) != one[2:]] == []


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_way_to_write_a_plain_text_changes_what_its_key_says(
    asked: Dataset, plain: dict[str, PlainKey], draw: st.DataObject
):
    key = draw.draw(st.sampled_from(sorted(plain)))
    gaps = draw.draw(st.lists(st.sampled_from(SEPARATORS), min_size=len(key) + 1, max_size=len(key) + 1))
    large = draw.draw(st.lists(st.booleans(), min_size=len(key), max_size=len(key)))
    letters = [letter.upper() if is_large else letter for letter, is_large in zip(key, large, strict=True)]
    text = gaps[0] + "".join(letter + gap for letter, gap in zip(letters, gaps[1:], strict=True))
    if one := by_key(plain, text):
        assert said(find(asked.index, text)) == one[2:]


def test_some_keys_are_judged_as_all_are(asked: Dataset, plain: dict[str, PlainKey]):
    some = [*list(asked.index.keys)[::7], "nosuchkey", "アクオスセンス4"]
    assert list(plain_keys(asked.index, some)) == [plain[key] for key in some if key in plain]


def test_case_says_nothing_where_it_is_folded(data: Dataset):
    asked = [(query.text, "") for query in read_queries()] + [("SH-41A Android 9", "Android 9")]
    folded = [(text, os) for text, os in asked if not re.search(KEEPS_CASE, text)]
    assert len(folded) > 400
    for text, os_text in folded:
        given = answer_of(data, text, os_text, tuple(Capability))
        assert answer_of(data, text.lower(), os_text, tuple(Capability)) == given
        assert answer_of(data, text.upper(), os_text, tuple(Capability)) == given
    assert re.search(KEEPS_CASE, "Mozilla/5.0 (Linux; Android 11; SO-52A)")


@pytest.mark.parametrize(
    "text", ["iPhone 1 7", "iPhone 1-7", "SH-41A用", "SH-41A/B", "Galaxy S22+", "ｓｈ４１ａ"]
)
def test_what_its_key_does_not_tell_is_not_plain(text: str):
    assert not is_plain(text)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(st.sampled_from("aZ09 _()-+/ア"), max_size=12), min_size=50, max_size=100))
def test_sql_and_python_agree_on_what_is_plain_and_on_its_key(texts: list[str]):
    sql = f"SELECT t, {plain_key_sql('t')} FROM (SELECT unnest(?::VARCHAR[]) AS t)"
    with duckdb.connect() as con:
        found = con.execute(sql, [texts]).fetchall()
    assert found == [(text, match_key(text) if is_plain(text) else None) for text in texts]


@pytest.fixture(scope="module")
def questions(data: Dataset) -> list[tuple[str | None, str | None]]:
    """All written queries, names and model numbers, some with an OS; enough for several processes."""
    texts = [query.text for query in read_queries()]
    printed = sorted({text for one in data.devices.values() for text in (one.name, *one.model_numbers)})
    asked: list[tuple[str | None, str | None]] = [(text, None) for text in [*texts, *printed, "", " "]]
    asked += [(text, os) for text in printed[::7] for os in ("Android 9", "iOS 17", "12", " ", "?")]
    return [*asked, (None, None), (None, "Android 12")]


def test_every_row_gets_the_answer_of_check(
    built: Folders, data: Dataset, questions: list[tuple[str | None, str | None]], tmp_path: Path
):
    texts, oses = zip(*questions, strict=True)
    table = pa.table({"端末名": pa.array(texts, pa.string()), "OS": pa.array(oses, pa.string())})
    table = table.append_column("no", pa.array(range(len(texts))))
    pq.write_table(table, tmp_path / "asked.parquet")
    done = answer_file(Task(tmp_path / "asked.parquet", tmp_path / "answers.parquet", built.database))
    rows = pq.read_table(tmp_path / "answers.parquet").to_pylist()
    assert [(row["端末名"], row["OS"]) for row in rows] == questions
    assert [row["no"] for row in rows] == list(range(len(questions)))
    assert [
        (asked, written(row))
        for asked, row in zip(questions, rows, strict=True)
        if written(row) != checked(data, asked[0] or "", asked[1] or "")
    ] == []
    assert done.rows == len(questions) > 2000
    assert done.questions > done.joined > 500
    assert {row["name"] for row in rows if row["device_id"] == "SH-41A"} == {"AQUOS sense4"}


def test_answers_without_words_are_those_of_check(data: Dataset):
    for query in list(read_queries())[::10]:
        match, device_id, _, *values = answer_of(data, query.text, "", tuple(Capability))
        verdicts = list(zip(values[::3], values[1::3], strict=True))
        assert (match, device_id, *verdicts) == checked(data, query.text, "")


def write_csv(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def read_csv(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def answer(built: Folders, source: Path, target: Path, **options: Any) -> list[dict[str, str]]:
    answer_file(Task(source, target, built.database, **options))
    return read_csv(target)


def test_a_csv_keeps_its_columns_and_no_cell_is_a_formula(built: Folders, tmp_path: Path):
    source = write_csv(tmp_path / "a.csv", '型番,備考\nSH-41A,=1+1\n"so, 52a","""x""\ny"\n,\u3000@SUM(A1)\n')
    rows = answer(built, source, tmp_path / "b.csv")
    assert [row["型番"] for row in rows] == ["SH-41A", "so, 52a", ""]
    assert [row["備考"] for row in rows] == ["'=1+1", '"x"\ny', "'\u3000@SUM(A1)"]
    assert [row["device_id"] for row in rows] == ["SH-41A", "SO-52A", ""]
    assert [row["card_reading"] for row in rows] == ["conditional", "conditional", "unknown"]


@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_the_sign_between_the_cells_is_found(built: Folders, tmp_path: Path, separator: str):
    lines = [("no", "model", "os"), ("1", "SH-41A", "Android 9"), ("2", "SH-41A", "")]
    source = write_csv(tmp_path / "a.csv", "\ufeff" + "\r\n".join(map(separator.join, lines)) + "\r\n")
    rows = answer(built, source, tmp_path / "b.csv")
    assert [(row["no"], row["card_reading_reason"]) for row in rows] == [
        ("1", "os_is_below"),
        ("2", "check_os"),
    ]


def test_a_heading_is_no_formula_either(built: Folders, tmp_path: Path):
    source = write_csv(tmp_path / "a.csv", "model,=1+1\nSH-41A,x\n")
    assert answer(built, source, tmp_path / "b.csv")[0]["'=1+1"] == "x"


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
@pytest.mark.parametrize(
    ("name", "other"), [("a[1]", "a1"), ("a*", "ab"), ("a?", "ab"), ("os=Android 14/a", "b"), ("a'b;\"", "a")]
)
def test_the_file_that_is_named_is_read_and_no_other(
    built: Folders, tmp_path: Path, name: str, other: str, suffix: str
):
    for place, model in ((name, "SH-41A"), (other, "iPhone 15")):
        path = tmp_path / f"{place}{suffix}"
        path.parent.mkdir(exist_ok=True)
        write_csv(path, f"model\n{model}\n") if suffix == ".csv" else pq.write_table(
            pa.table({"model": [model]}), path
        )
    row = answer(built, tmp_path / f"{name}{suffix}", tmp_path / "answers.csv")[0]
    assert (row["model"], row["device_id"], row["card_reading_reason"]) == ("SH-41A", "SH-41A", "check_os")


@pytest.mark.parametrize(
    "text",
    [
        "devices\nmodel,os\nSH-41A,12\n",
        "model,os\nSH-41A,12\n#SO-52A\niPhone 15,17\n",
        "model\na\nmodel,os\nb,1\n",
    ],
)
def test_no_line_of_a_csv_is_passed_over(built: Folders, tmp_path: Path, text: str):
    source = write_csv(tmp_path / "a.csv", text)
    with pytest.raises(BadTable, match="uneven"):
        answer_file(Task(source, tmp_path / "b.csv", built.database))


def test_a_column_of_the_same_name_keeps_its_own(built: Folders, tmp_path: Path):
    source = write_csv(tmp_path / "a.csv", "model,Match\nSH-41A,mine\n")
    row = answer(built, source, tmp_path / "b.csv")[0]
    assert (row["Match"], row["myna_match"], row["myna_device_id"]) == ("mine", "exact", "SH-41A")


def test_one_capability_is_answered_alone(built: Folders, tmp_path: Path):
    source = write_csv(tmp_path / "a.csv", "model\nSH-41A\n")
    row = answer(built, source, tmp_path / "b.csv", capabilities=(Capability.PC_LOGIN,), language="en")[0]
    assert [name for name in row if name.startswith(tuple(Capability))] == [
        "pc_login",
        "pc_login_reason",
        "pc_login_origin",
    ]
    assert row["maker"] == "Sharp"


@pytest.mark.parametrize(
    ("columns", "text", "os", "found"),
    [
        (["no", "端末名", "型番", "OS バージョン"], None, None, ("型番", "OS バージョン")),
        (["Device_Name", "version"], None, None, ("Device_Name", "version")),
        (["a", "型番"], "a", None, ("a", None)),
        (["a", "b"], "b", "a", ("b", "a")),
    ],
)
def test_columns_are_found_by_name_or_heading(columns, text, os, found):
    assert find_columns(columns, text, os) == found


def bad_inputs(folder: Path) -> dict[str, tuple[str, bytes]]:
    return {
        "empty": ("a.parquet", b""),
        "not_parquet": ("a.parquet", b"PAR1 but no more"),
        "not_utf8": ("a.csv", "型番\nSH-41A\n".encode("cp932")),
        "uneven": ("a.csv", b'model\n"SH-41A\n'),
        "no_column": ("a.csv", b"what,where\nSH-41A,x\n"),
        "row_number": ("a.csv", b"model,File_Row_Number\nSH-41A,2\n"),
        "suffix": ("a.txt", b"SH-41A\n"),
    }


@pytest.mark.parametrize(
    "code", ["empty", "not_parquet", "not_utf8", "uneven", "no_column", "row_number", "suffix"]
)
def test_bad_input_is_told_and_nothing_is_written(built: Folders, tmp_path: Path, code: str):
    name, content = bad_inputs(tmp_path)[code]
    (tmp_path / name).write_bytes(content)
    (tmp_path / "out.csv").write_text("before")
    with pytest.raises(BadTable) as error:
        answer_file(Task(tmp_path / name, tmp_path / "out.csv", built.database))
    assert error.value.code == code
    assert sorted(path.name for path in tmp_path.iterdir()) == [name, "out.csv"]
    assert (tmp_path / "out.csv").read_text() == "before"


def test_a_csv_whose_text_breaks_off_is_told(built: Folders, tmp_path: Path):
    source = tmp_path / "a.csv"
    source.write_bytes(b"model\nSH-41A\n" + "機種\n".encode("cp932"))
    with pytest.raises(BadTable) as error:
        answer_file(Task(source, tmp_path / "out.parquet", built.database))
    assert error.value.code == "not_utf8"


def test_what_fails_on_the_way_leaves_the_old_file(
    built: Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    source = write_csv(tmp_path / "a.csv", "model\nSH-41A\n")
    (tmp_path / "out.parquet").write_text("before")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "write_table", full)
    with pytest.raises(BadTable, match="No space left"):
        answer_file(Task(source, tmp_path / "out.parquet", built.database))
    assert (tmp_path / "out.parquet").read_text() == "before"
    assert len(list(tmp_path.iterdir())) == 2


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "explorer", "check", "--lang", "en", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_the_command_answers_a_table_and_refuses_to_write_over_it(built: Folders, tmp_path: Path):
    source = write_csv(tmp_path / "a.csv", "model\nSH-41A\nSH-41A\n")
    asked = ("--database", str(built.database), "--file", str(source), "--out")
    done = run(*asked, str(tmp_path / "b.parquet"))
    assert (done.returncode, done.stderr) == (0, "")
    assert "b.parquet: 2 rows, 1 different questions" in done.stdout
    (tmp_path / "link.csv").symlink_to(source)
    same = run(*asked, str(tmp_path / "link.csv"))
    assert same.returncode == 2
    assert "--out is the file that is read" in same.stderr
    assert source.read_text() == "model\nSH-41A\nSH-41A\n"
    assert run(*asked[2:], str(tmp_path / "c.csv"), "--os", "12").returncode == 2
    missing = run("--database", str(tmp_path / "no.duckdb"), *asked[2:], str(tmp_path / "c.csv"))
    assert (missing.returncode, (tmp_path / "c.csv").exists()) == (3, False)


def test_processes_that_answer_end_without_a_word(built: Folders):
    code = (
        "import sys; from pathlib import Path; from explorer.large.recognise import processes, recognise\n"
        "with processes() as pool:\n"
        "    print([one[1] for one in recognise(pool, Path(sys.argv[1]), [('SH-41A', '')], ())])"
    )
    command = [sys.executable, "-c", code, str(built.database)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "['SH-41A']\n", "")


@pytest.mark.parametrize(("ending", "left"), [(signal.SIGINT, 0), (signal.SIGTERM, 0), (signal.SIGKILL, 1)])
def test_a_command_that_is_ended_leaves_no_process_and_no_answers(
    built: Folders, tmp_path: Path, ending: signal.Signals, left: int
):
    texts = [f"アクオス{number}センス" for number in range(20_000)]
    pq.write_table(pa.table({"model": texts}), tmp_path / "a.parquet")
    arguments = ("--database", str(built.database), "--file", str(tmp_path / "a.parquet"))
    command = [sys.executable, "-m", "explorer", "check", *arguments, "--out", str(tmp_path / "b.parquet")]
    # Whoever holds the pipe is alive: it ends with the last of the processes.
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as done:
        until(lambda: len(children_of(done.pid)) >= 3)  # two that answer, and one that counts them
        done.send_signal(ending)
        assert done.communicate(timeout=60)[0] == b""
    assert done.returncode == -ending
    assert not (tmp_path / "b.parquet").exists()
    assert len(list(tmp_path.glob(".b.parquet.partial-*"))) == left


def children_of(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def until(is_so: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)
