"""Writes docs/reference/script.schema.json from the shapes that the checker uses."""

from __future__ import annotations

import json
from pathlib import Path

from claude_code_sdk.testing.script.format import schema

if __name__ == "__main__":
    path = Path(__file__).parents[3] / "docs" / "reference" / "script.schema.json"
    path.write_text(json.dumps(schema(), indent=2) + "\n")
