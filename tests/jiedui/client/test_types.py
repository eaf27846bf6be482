"""Types of answers: those of the published contract, and known to type checkers."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
import typing
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

import jiedui
from api.http.contract.answers import COMMAND, FILE, as_types, schemas_of, words_of
from api.http.contract.published import published
from jiedui.client import answers
from tests.jiedui.client.stand_in import StandIn, blocking
from tests.jiedui.client.test_contract import arguments, calls

DOCUMENT = published()
RIGHT_AND_WRONG = """
from jiedui.client import AsyncClient, Client

client = Client()
reveal_type(client.network.card("533300"))
print(client.network.card("533300")["subject"]["name"])
print(client.network.card("533300")["subjekt"])
client.plan("china-2016", time_limit=60.0)
client.plan("china-2016", time_limits=60.0)
print(client.plan("china-2016").result()["stages"]["funds"]["status"])
print(client.plan("china-2016").result()["stages"]["funds"]["statu"])
for alert in client.alerts.all(state="active"):
    print(alert["subject"], alert["due"].upper())
for finding in client.findings.all(nonsense="x"):
    print(finding["id"])


async def awaited() -> None:
    async with AsyncClient() as client:
        reveal_type(await client.network.card("533300"))
        print((await client.network.card("533300"))["tags"])
        print((await client.network.card("533300"))["tag"])
        print(client.network.card("533300")["tags"])
"""


def test_the_module_is_what_the_contract_says() -> None:
    assert FILE.read_text(encoding="utf-8") == as_types(DOCUMENT), f"write it: {COMMAND}"


def test_every_model_has_its_name() -> None:
    made = {name for name, found in vars(answers).items() if typing.is_typeddict(found)}
    names = {"NetworkTablePage", "PlanTablePage", "JobKind"}  # one of many
    assert made == (set(schemas_of(DOCUMENT)) | set(words_of(DOCUMENT))) - names
    assert all(hasattr(answers, name) for name in names)


def test_fields_that_may_be_missing_are_told() -> None:
    job = DOCUMENT["components"]["schemas"]["Told"]
    assert answers.Told.__annotations__.keys() == job["properties"].keys()
    needed = {name for name, kind in answers.Told.__annotations__.items() if "NotRequired" not in str(kind)}
    assert needed == set(job["required"])


def promised(found: Any) -> tuple[str | None, bool]:
    """Name of the answer's type that a method promises, and whether it is one of a list; none where it makes an object of it."""
    kind = typing.get_type_hints(found)["return"]
    listed = typing.get_origin(kind) is AsyncIterator
    kind = typing.get_args(kind)[0] if listed else kind
    return (kind.__name__ if typing.is_typeddict(kind) else None), listed


def answered(operation: dict[str, Any], listed: bool) -> str:
    """Name of the model that an operation answers with, or of one of its list."""
    schema = next(a for s, a in sorted(operation["responses"].items()) if s < "400")["content"]
    name = next(found for kind, found in schema.items() if kind.endswith("json"))["schema"]["$ref"]
    model = name.rpartition("/")[2]
    if not listed:
        return str(model)
    fields = DOCUMENT["components"]["schemas"][model]["properties"].values()
    item = next(field["items"]["$ref"] for field in fields if "$ref" in field.get("items", {}))
    return str(item.rpartition("/")[2])


def test_every_method_promises_what_the_document_says(tmp_path: Path) -> None:
    stand_in, seen, wrong = StandIn(DOCUMENT), 0, []
    named = {
        o["operationId"]: o
        for item in DOCUMENT["paths"].values()
        for o in item.values()
        if "operationId" in o
    }
    for where, call, signature in calls(blocking(stand_in)):
        model, listed = promised(call)
        if model is None or where == "PlanJob.result":
            continue
        positional, by_name = arguments(where, signature, tmp_path)
        got = call(*positional, **by_name)
        if inspect.isgenerator(got):
            next(got, None)
        told, seen = answered(named[stand_in.asked[-1]], listed), seen + 1
        wrong += [] if told == model else [f"{where} promises {model}, the document {told}"]
    assert not wrong and seen > 40, (seen, wrong)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[int, str]:
    """What mypy says of each line of a file that uses the client."""
    folder = tmp_path_factory.mktemp("typed")
    file = folder / "asks.py"
    file.write_text(RIGHT_AND_WRONG.lstrip(), encoding="utf-8")
    home = Path(jiedui.__file__).resolve().parents[1]
    words = [
        "--strict",
        "--config-file=",
        f"--cache-dir={folder}/cache",
        "--follow-imports=silent",
        "--no-error-summary",
        file.name,
    ]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *words], cwd=folder, capture_output=True, text=True, check=False, env={**os.environ, "MYPYPATH": str(home)}, timeout=300
    )  # fmt: skip
    assert done.stdout and not done.stderr, done.stderr
    lines = [
        line.split(":", 2)
        for line in done.stdout.splitlines()
        if "note: Did" not in line and "note: Maybe" not in line
    ]
    return {int(number): text for _, number, text in lines}


def test_a_wrong_key_is_an_error_and_a_right_one_is_not(told: dict[int, str]) -> None:
    wrong = {number: text.rpartition("[")[2] for number, text in told.items() if "error" in text}
    assert wrong == {6: "typeddict-item]", 8: "call-arg]", 10: "typeddict-item]", 12: "union-attr]", 13: "call-arg]", 21: "typeddict-item]", 22: "index]"}, told  # fmt: skip


def test_both_clients_know_the_type(told: dict[int, str]) -> None:
    assert "TypedDict(jiedui.client.answers.Card," in told[4]
    assert "TypedDict(jiedui.client.answers.Card," in told[19]


def test_type_checkers_are_told_that_there_are_types() -> None:
    assert (Path(jiedui.__file__).parent / "py.typed").is_file()
