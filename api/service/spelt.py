"""How a value is written: a pattern for machines, and words for who got it wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_after_validator_function

from graph.language import Text


@dataclass(frozen=True)
class Spelt:
    """Stands in ``Annotated`` beside ``str``, in the place of ``Field(pattern=…)``, whose error shows the pattern.

    Parameters
    ----------
    pattern : str
        Of the whole value, as JSON schemas write it.
    words : Text
        What it has to be, to stand behind the name of what is wrong.
    """

    pattern: str
    words: Text

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Checked after all else that is asked of it."""
        return no_info_after_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:  # fmt: skip
        """The pattern, for whoever writes the value by the schema."""
        return {**handler(core), "pattern": self.pattern}

    def _checked(self, value: str) -> str:
        if re.fullmatch(self.pattern, value, re.ASCII) is None:
            raise ValueError(self.words)
        return value
