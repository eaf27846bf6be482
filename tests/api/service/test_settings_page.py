"""The page for those who run the service lists every setting as it is."""

from __future__ import annotations

from pathlib import Path

from pydantic_core import PydanticUndefined

from api.service.settings import Settings

PAGE = Path(__file__).parents[3] / "docs" / "api" / "operations.md"
START, END = "<!-- settings -->\n", "<!-- /settings -->\n"


def table() -> str:
    """The table, made from the settings themselves."""
    lines = ["| setting | default | what |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default is PydanticUndefined else _shown(field.default)
        lines.append(f"| `{name}` | {default} | {(field.description or '').replace('|', '¦')} |")
    return "\n".join([*lines, ""])


def _shown(value: object) -> str:
    secret = getattr(value, "get_secret_value", None)
    plain = secret() if secret else value
    return (
        "" if plain in (None, "", (), {}) else f"`{str(plain).lower() if isinstance(plain, bool) else plain}`"
    )


def test_the_page_lists_every_setting_as_it_is() -> None:
    """To mend the page: put what this expects between the two marks."""
    text = PAGE.read_text(encoding="utf-8")
    assert text.partition(START)[2].partition(END)[0] == table()
