"""`from claude_code_sdk.query import query`, as programs for the older SDKs write it.

The import system binds a submodule under its name in its package, where `query` is the function.  So the function takes
this module's place in `sys.modules`: what is bound is the function then, and `query.query` is itself.
Above: those programs.  Below: `_query.py`.
"""

import sys

from ._query import query as query

vars(query)["query"] = query
sys.modules[__name__] = query  # type: ignore[assignment]  # the import system takes any object
