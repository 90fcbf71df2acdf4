"""Which environment variables of a run are recorded: an allow-list, so that no secret is; and which SDK they name.

They are those that change what the CLI says on the wire; paths in them become placeholders like all others.  Above:
importer and recorder.
"""

from __future__ import annotations

from .. import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

RECORDED = (
    "CLAUDE_AGENT_SDK_VERSION",
    "CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS",
    "CLAUDE_CODE_ENABLE_SDK_FILE_CHECKPOINTING",
    "CLAUDE_CODE_ENTRYPOINT",
    "CLAUDE_CODE_SDK_READS_SESSION_STATE",
    "IS_SANDBOX",
    "MCP_TIMEOUT",
    "MCP_TOOL_TIMEOUT",
)


def recorded_environment(env: Mapping[str, str]) -> dict[str, str]:
    """The part of `env` that goes into a cassette, in alphabetical order."""
    return {name: env[name] for name in RECORDED if name in env}


def sdk_of(env: Mapping[str, str]) -> str | None:
    """The SDK that started the CLI, for a header, as far as it told the CLI; `None` when it did not.

    The official SDKs and ours use the same variables: what tells ours apart is its version.
    """
    version = env.get("CLAUDE_AGENT_SDK_VERSION")
    if version is None:
        return None
    if env.get("CLAUDE_CODE_ENTRYPOINT") == "sdk-ts":
        return f"claude-agent-sdk for TypeScript {version}"
    return f"{'claude-code-sdk-harness' if version == __version__ else 'claude-agent-sdk'} {version}"
