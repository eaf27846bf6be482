"""What the client answers and takes, as types made of the published contract: ``python -m api.http.contract.answers`` writes them.

The work is done by datamodel-code-generator; it is needed where the types are written and tested, not where they are used.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from api.http.contract.published import published

FILE = Path(__file__).resolve().parents[3] / "jiedui" / "client" / "answers.py"
COMMAND = "python -m api.http.contract.answers"
HEAD = f'''"""What the service answers and takes, as types: made of docs/api/openapi-v1.json by ``{COMMAND}``.

Names are those of the document's schemas. They are dicts, as they came; fields stand with their units.
"""
'''
LEFT_OUT = (
    "title",
    "examples",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
)
"""Of fields: what is no type, and would make the generator give them names of their own."""
OPTIONS = {
    "PlanOptions": ("PlanArguments", ("scenario", "settings", "stages")), "ExplainOptions": ("ExplainArguments", ("plan", "subject")),
    "CompareOptions": ("CompareArguments", ("plans",)), "CheckOptions": ("CheckArguments", ("scenario",)),
    "FindingGiven": ("NewFinding", ("region",)),
    "FindingStepGiven": ("FindingStep", ()),
}  # fmt: skip
"""Words of a method by name → the model that they go into, and its fields that have parameters of their own."""
JOBS = "/api/v1/jobs/"
CONDITIONS = {
    "AlertsWhere": "alerts", "AuditWhere": "audit", "FindingsWhere": "findings", "LedgerWhere": "ledger", "RequestsWhere": "requests",
}  # fmt: skip
"""Conditions by name → the list that they choose from."""


def as_types(document: Mapping[str, Any]) -> str:
    """The module: a ``TypedDict`` for each schema of a document, for options and for conditions."""
    from datamodel_code_generator import Formatter, InputFileType, PythonVersion, generate
    from datamodel_code_generator.enums import DataModelType

    named = {name: _bare(schema) for name, schema in (schemas_of(document) | words_of(document)).items()}
    made = generate(
        {"openapi": document["openapi"], "info": document["info"], "paths": {}, "components": {"schemas": named}},
        input_file_type=InputFileType.OpenAPI,
        output_model_type=DataModelType.TypingTypedDict,
        target_python_version=PythonVersion.PY_311,
        formatters=[Formatter.BUILTIN],
        custom_file_header=HEAD,
        use_schema_description=True,
        use_field_description=True,
        use_single_line_docstring=True,
        use_closed_typed_dict=False,  # type checkers do not know it yet
        collapse_root_models=True,
        keep_model_order=True,
    )  # fmt: skip
    return str(made).rstrip() + "\n"


def schemas_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """Models of a document."""
    return dict(document["components"]["schemas"])


def words_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """Words that methods take by name, as models; a day may be a date, and in conditions one value stands for a list of it."""
    models, found = schemas_of(document), dict[str, Any]()
    for name, (model, own) in OPTIONS.items():
        fields = {
            field: _days(told) for field, told in models[model]["properties"].items() if field not in own
        }
        found[name] = {
            "type": "object",
            "description": f"Further words of ``{model}``.",
            "properties": fields,
        }
    for name, where in CONDITIONS.items():
        asked = document["paths"][f"/api/v1/{where}"]["get"]["parameters"]
        fields = {
            one["name"]: _one_or_more(one["schema"]) | {"description": one["description"]}
            for one in asked
            if one["in"] == "query"
        }
        fields = {field: told for field, told in fields.items() if field not in ("cursor", "limit")}
        found[name] = {"type": "object", "description": f"Which of ``{where}``.", "properties": fields}
    kinds = [
        path.removeprefix(JOBS) for path in document["paths"] if path.startswith(JOBS) and "{" not in path
    ]
    return found | {
        "JobKind": {"type": "string", "enum": kinds, "description": "Commands that may be ordered."}
    }


def _days(schema: Mapping[str, Any]) -> dict[str, Any]:
    parts = schema.get("anyOf", [schema])
    if not any(part.get("format") == "date" for part in parts):
        return dict(schema)
    day = {"customTypePath": "jiedui.client.call.Day"}
    return {**schema, "anyOf": [day if part.get("format") == "date" else part for part in parts]}


def _one_or_more(schema: Mapping[str, Any]) -> dict[str, Any]:
    parts = schema.get("anyOf", [schema])
    items = [part["items"] for part in parts if part.get("type") == "array"]
    return {"anyOf": [*items, *parts]} if items else _days(schema)


def _bare(part: Any) -> Any:
    """A part of a schema without what is left out; fields that are called so stay."""
    if isinstance(part, list):
        return [_bare(one) for one in part]
    if not isinstance(part, Mapping):
        return part
    return {
        key: {name: _bare(field) for name, field in found.items()} if key == "properties" else _bare(found)
        for key, found in part.items()
        if key not in LEFT_OUT
    }


def main() -> int:
    """Write the module."""
    FILE.write_text(as_types(published()), encoding="utf-8")
    print(FILE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
