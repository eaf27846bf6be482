"""The command line library's own words: wholly Chinese in Chinese, untouched in English."""

from __future__ import annotations

import ast
import errno
import json
import os
import re
import string
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from api.cli import COMMANDS
from api.cli.graph import COMMANDS as GRAPH
from api.cli.graph.request import COMMANDS as REQUEST
from api.cli.library_words import MESSAGES, Wording, columns, in_chinese, wording
from api.cli.token import COMMANDS as TOKEN
from graph.errors import REASONS, reason_of
from graph.language import speaking, use_language

Typed = Callable[..., tuple[int, str, str]]

FOR_PROGRAMMERS = (
    "Arguments take exactly", "Boolean option", "Could not determine name", "Invalid start character",
    "Name '{name}' defined twice", "No options defined", "Unknown color", "Unknown standard stream",
)  # fmt: skip
"""Beginnings of messages that only a wrong declaration brings up."""
NOT_IN_USE = ("_winconsole.py", "_termui_impl.py")  # an old Windows console; an editor and a progress bar

LINES = [
    "",
    *COMMANDS,
    *(f"graph {name}" for name in GRAPH),
    *(f"graph request {name}" for name in REQUEST),
    *(f"token {name}" for name in TOKEN),
]
NAMES = re.compile(
    r"HTTP|/api/v1|read(,write)?\b|write\b|viewer\b|TLS|PEM|JIEDUI_SERVE_[A-Z_]*|Neo4j|Browser|Bloom|\.?grass|neo4j-admin|neo4j:(//)?|workspace:|NEO4J_URI|JIEDUI_SERVER_HOME|cypher-shell|Cypher|MB\b|--?[a-z][a-z-]*|\[[a-z|_-]+\]|\{[a-z|_-]+\}|china-2016|JIEDUI_NETWORK|GraphML|GeoJSON|Parquet|Excel|Dask|tcp:"
    r"|JSON|CSV|TOML|\.?[a-z]+\.(xlsx|toml)|\.?(xlsx|csv|parquet|graphml|geojson|html)\b|\[\[rule\]\]|synthetic|plans?/?|sweeps/?|rolls/?|base(line)?\b"
)
"""What stays as it is typed in any language: options, values, names of formats and files."""


def messages_of_click() -> Iterator[tuple[str, str]]:
    """Each message that click looks up by gettext: file, text."""
    for file in sorted(Path(click.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "ngettext"):
                for word in node.args[:2]:
                    if isinstance(word, ast.Constant) and isinstance(word.value, str):
                        yield file.name, word.value


def test_every_message_of_click_has_its_chinese() -> None:
    """A new version of click that says something new is noticed here."""
    found = {m for file, m in messages_of_click() if file not in NOT_IN_USE}
    assert len(found) > 50
    missing = [m for m in found if m not in MESSAGES and not m.startswith(FOR_PROGRAMMERS)]
    assert missing == []


@pytest.mark.parametrize("message", MESSAGES)
def test_the_chinese_of_a_message_fills_no_field_that_is_not_there(message: str) -> None:
    def fields(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert fields(MESSAGES[message]) <= fields(message)
    assert re.search("[\u4e00-\u9fff]", MESSAGES[message])


@pytest.fixture(scope="module")
def chinese_help() -> dict[str, str]:
    """Help of every command, from a process that speaks Chinese from its start."""
    program = (
        "import sys; from api.cli.main import run\n"
        f"for name in {LINES}:\n"
        "    print('\\f' + name, flush=True); run(['--lang', 'zh', *name.split(), '--help'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    )
    pages = [page.partition("\n") for page in done.stdout.split("\f")[1:]]
    return {name: text for name, _, text in pages}


@pytest.mark.parametrize("name", LINES)
def test_chinese_help_is_wholly_chinese(chinese_help: dict[str, str], name: str) -> None:
    text = chinese_help[name]
    assert "用法: jiedui" in text
    left = text
    for command in sorted(("jiedui", *COMMANDS, *GRAPH, *REQUEST, *TOKEN), key=len, reverse=True):
        left = re.sub(rf"(?<!-)\b{command}\b", "", left)
    left = NAMES.sub("", left)
    assert re.findall("[A-Za-z]{2,}", left) == []


def test_descriptions_stand_in_one_column(chinese_help: dict[str, str]) -> None:
    """A Chinese character takes two columns of a terminal."""
    lines = [line for line in chinese_help["ask"].splitlines() if line.startswith("  --")]
    starts = {columns(re.split(r" {2,}", line.strip())[0]) for line in lines}
    assert len(starts) > 3
    begins = {columns(line) - columns(re.split(r" {2,}", line.strip(), maxsplit=1)[1]) for line in lines}
    assert len(begins) == 1


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        (["gaps", "--nope"], "没有选项 --nope。", "No such option '--nope'."),
        (["ask", "--limi", "3"], "没有选项 --limi。是不是", "No such option '--limi'. Did you mean"),
        (["withdraw"], "缺少参数 '帮扶方'。", "Missing argument 'SUPPORTER'."),
        (["ask", "--ego", "99"], "'--ego' 的值不对：99 不在范围", "Invalid value for '--ego': 99 is not"),
        (["ask", "--limit", "x"], "'x' 不是整数。", "'x' is not a valid integer range."),
        (["ask", "--at", "2016"], "2016 不是日期；请写成 年-月-日", "2016 is no day; write it YYYY-MM-DD"),
        (["ask", "a", "b", "c"], "多出的参数：b c", "Got unexpected extra arguments (b c)"),
        (["ask", "--ego"], "选项 --ego 后面要有一个值。", "Option '--ego' requires an argument."),
        (["ask", "--paths", "a"], "后面要有 2 个值。", "requires 2 arguments."),
        (["ask", "--loads=3"], "选项 --loads 不带值。", "Option '--loads' does not take a value."),
        (["--lang", "fr", "ask"], "'fr' 不在可选之列", "'fr' is not one of"),
        (["pln"], "没有命令 pln；是不是 plan？", "no command pln; did you mean plan?"),
    ],
)
def test_wrong_use_is_said_in_the_language(typed: Typed, words: list[str], zh: str, en: str) -> None:
    code, _, err = typed("--lang", "zh", *words)
    assert code == 2
    assert zh in err
    said = err.splitlines()[-1]
    for word in (*words, "Y-%m-%d", "plan"):
        said = said.replace(word, "")
    assert not re.search("[A-Za-z]{3,}", NAMES.sub("", said))
    code, _, err = typed("--lang", "en", *words)
    assert code == 2
    assert en in err
    assert not re.search("[\u4e00-\u9fff]", err)
    at = 3 if words[0] == "--lang" else 1
    _, out, _ = typed(*words[:at], "--json", *words[at:])
    message = json.loads(out)["error"]["message"]
    assert zh in message["zh"]
    assert en in message["en"]


def test_jiedui_alone_shows_its_help_without_a_complaint(typed: Typed) -> None:
    code, _, err = typed()
    assert code == 2
    assert err.startswith("Usage: jiedui [OPTIONS] COMMAND")
    assert "✗" not in err
    assert typed("--lang", "zh")[2].startswith("用法: jiedui [选项] 命令")


def test_a_wording_follows_the_language_also_inside_another_one() -> None:
    inner = wording("No such option {name!r}.").format(name="--x")
    outer = wording("Invalid value: {message}").format(message=inner)
    assert isinstance(outer, Wording)
    with speaking("zh"):
        assert f"{outer}" == "值不对：没有选项 --x。"
    with speaking("en"):
        assert f"{outer}" == "Invalid value: No such option '--x'."
    assert wording("not of the library").zh == "not of the library"


def test_placeholders_that_nobody_listed_stay() -> None:
    assert in_chinese("[STAGE.KEY=VALUE]...") == "[阶段.键=值]..."
    assert in_chinese("A B") == "A B"
    assert in_chinese("UNLISTED PLAN") == "UNLISTED 方案"


@pytest.mark.parametrize("number", REASONS)
def test_what_the_system_says_is_said_in_the_language(number: int) -> None:
    why = reason_of(OSError(number, os.strerror(number)))
    assert re.search("[\u4e00-\u9fff]", why.zh)
    assert why.en == os.strerror(number)


def test_a_reason_without_a_number_is_quoted() -> None:
    assert reason_of(OSError("odd")) == ("odd", "odd")


def test_unwritable_place_is_said_in_chinese(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    code, _, err = typed("--lang", "zh", "new", "mine", "--in", str(tmp_path / "file"))
    assert code == 5
    assert REASONS[errno.ENOTDIR] in err or REASONS[errno.EEXIST] in err


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    yield
    use_language(None)


def test_lists_in_english_prose_have_english_commas() -> None:
    from api.cli.screen import with_pinyin
    from graph.network import Network

    network = Network({})
    with speaking("en"):
        assert with_pinyin("two villages: 一村、二村", network) == "two villages: 一村, 二村"
    with speaking("zh"):
        assert with_pinyin("两个村：一村、二村", network) == "两个村：一村、二村"
