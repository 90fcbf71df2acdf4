"""When the old distribution `claude-code-sdk` is, or was, installed over this one.

Both write to `site-packages/claude_code_sdk`, and `__init__.py`, `types.py`, `client.py`, `query.py`, `_errors.py` and
`py.typed` are in both.  Installers overwrite without asking, so of these the files of whichever came last are there,
and uninstalling the old one removes them:

- ours came last: our `__init__` runs and all works until the old one is uninstalled.  It notices the old one's files
  and calls `warn_of_the_old_distribution`.
- the old one came last: its `__init__` runs and cannot be told from inside.
- the old one was uninstalled: there is no `__init__`, `claude_code_sdk` is an empty namespace package.

For the last two, our entry points that start elsewhere (the pytest plugin, `claude-cassette`) call `require_ours`.
`fake-claude` does not: it needs none of the files in question, and works.
Above: those and `__init__.py`.  Below: nothing.  Not imported unless something is wrong, or an entry point asks.
"""

from __future__ import annotations

CURE = "pip uninstall claude-code-sdk, then pip install --force-reinstall --no-deps claude-code-sdk-harness"


def warn_of_the_old_distribution(package: str) -> None:
    """Warn, at the line that imports us, if the old distribution is installed beside our folder `package`.

    Says nothing when only stray files of it are left.
    """
    import os
    import warnings

    site = os.path.dirname(package)
    # Ours is named claude_code_sdk_harness-….
    old = [name for name in os.listdir(site) if name.startswith("claude_code_sdk-") and name.endswith(".dist-info")]
    if not old:
        return
    version = old[0].removeprefix("claude_code_sdk-").removesuffix(".dist-info")
    warnings.warn(
        f"claude-code-sdk {version} is installed in {site} beside claude-code-sdk-harness, and both provide the "
        "package claude_code_sdk. This one was installed last and works, but uninstalling or updating the other "
        f"breaks it. What to do: {CURE}",
        RuntimeWarning,
        stacklevel=3,
    )


def require_ours() -> None:
    """Raise `ImportError` unless the package `claude_code_sdk` that is imported is ours."""
    import sys

    package = sys.modules["claude_code_sdk"]
    if "_HOME" in vars(package):
        return
    if getattr(package, "__file__", None) is None:
        what = "has no __init__.py: the old distribution claude-code-sdk was uninstalled and took it along"
    else:
        version = getattr(package, "__version__", "of unknown version")
        what = f"is the old distribution claude-code-sdk {version}, installed over claude-code-sdk-harness"
    raise ImportError(f"the package claude_code_sdk in {next(iter(package.__path__))} {what}. What to do: {CURE}")
