"""Writes the JSON schemas of the reports from their models: `python -m api.schema`."""

import json
from pathlib import Path
from typing import Any

from api.judgement import Judgement
from api.report import Report
from api.report_parts import Part

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FILES: dict[Path, type[Part]] = {
    Path(__file__).with_name("report.schema.json"): Report,
    Path(__file__).with_name("judgement.schema.json"): Judgement,
}


def schema_of(model: type[Part]) -> dict[str, Any]:
    """The JSON schema (2020-12) of what `model` writes."""
    return {"$schema": DIALECT, **model.model_json_schema(mode="serialization")}


def text_of(model: type[Part]) -> str:
    """The schema as its file holds it."""
    return json.dumps(schema_of(model), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for path, model in FILES.items():
        path.write_text(text_of(model), "utf-8")
