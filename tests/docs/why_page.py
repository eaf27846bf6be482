"""The page docs/why.md: its questions, the commands it types and the answers below them.

``python -m tests.docs.why_page`` makes the plans anew and writes every answer into the page: look at what changed before
it is committed.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from api.cli.main import Everywhere, run
from graph.language import Language, use_language

PAGE = Path(__file__).resolve().parents[2] / "docs" / "why.md"
ASKED = re.compile(r"(?ms)^### (\d+)\. ([^\n]+)\n(.*?)^```console\n\$ ([^\n]+)\n(.*?)^```$")
STATUS = "; echo $?"
FILE = re.compile(r"(?ms)^`([\w./]+)`\n\n```toml\n(.*?)^```$")
SETUP = re.compile(r"(?ms)^```sh\n(.*?)^```$")


@dataclass(frozen=True)
class Asked:
    """One question of the page in one language: number, title, the command as typed, and the answer below it."""

    language: Language
    number: int
    title: str
    command: str
    answer: str


def halves(text: str) -> dict[Language, str]:
    """The Chinese and the English part."""
    head, _, english = text.partition("\n## English\n")
    return {"zh": head.partition("\n## 中文\n")[2], "en": english}


def questions(text: str) -> list[Asked]:
    """All questions, the Chinese ones first."""
    return [
        Asked(language, int(number), title, command, answer)
        for language, half in halves(text).items()
        for number, title, _, command, answer in ASKED.findall(half)
    ]


def setup(text: str) -> list[list[str]]:
    """The words of each command that makes a plan."""
    found = SETUP.search(text)
    assert found is not None, "no commands that make the plans"
    return [shlex.split(line, comments=True)[1:] for line in found[1].splitlines()]


def prepare(text: str, demo: Path) -> None:
    """Make the plans of the page in the working folder, as it says; that of china-2016 is ``demo`` already.

    Answers of ``demo`` are used again where a task is the same, which gives the same plan to the last byte.
    """
    for name, written in FILE.findall(text):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(written, encoding="utf-8")
    for words in setup(text):
        out = Path(words[words.index("-o") + 1])
        if words == ["plan", "china-2016", "-o", str(out)]:
            out.symlink_to(demo, target_is_directory=True)
            continue
        shutil.copytree(demo / ".answers", out / ".answers")
        typed(words, "en")


def answered(asked: Asked) -> str:
    """What the command prints in this folder, without blanks at the ends of lines; its status where that is asked for."""
    line = asked.command.removesuffix(STATUS)
    program, *words = shlex.split(line)
    assert program == "jiedui"
    code, out = typed(words, asked.language)
    told = "".join(f"{text.rstrip()}\n" for text in out.splitlines()).lstrip("\n")
    if line == asked.command:
        assert code == 0, f"{line}: exit status {code}"
        return told
    return f"{told}{code}\n"


def typed(words: list[str], language: Language) -> tuple[int, str]:
    """Run a command line in this process, in one language: exit status and standard output."""
    out, err = StringIO(), StringIO()
    try:
        use_language(language)
        with redirect_stdout(out), redirect_stderr(err):
            code = run([*words, "-q"])
    finally:
        Everywhere.quiet = Everywhere.verbose = Everywhere.as_json = False
        use_language(None)
    assert code in (0, 1, 3) and "Traceback" not in err.getvalue(), f"{words}\n{err.getvalue()}"
    return code, out.getvalue()


@contextmanager
def inside(folder: Path) -> Iterator[None]:
    """Work in a folder, and come back."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def rewritten(text: str) -> str:
    """The page with the answers that its commands give in this folder."""
    for language, half in halves(text).items():
        new = half
        for asked in questions(text):
            if asked.language == language:
                block = f"$ {asked.command}\n"
                new = new.replace(f"{block}{asked.answer}```", f"{block}{answered(asked)}```", 1)
        text = text.replace(half, new, 1)
    return text


def main() -> None:
    """Write the answers anew."""
    text = PAGE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder, inside(Path(folder)):
        demo = Path(folder) / "demo"
        command = [sys.executable, "-m", "jiedui", "plan", "china-2016", "-o", str(demo), "-q"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        prepare(text, demo)
        PAGE.write_text(rewritten(text), encoding="utf-8")


if __name__ == "__main__":
    main()
