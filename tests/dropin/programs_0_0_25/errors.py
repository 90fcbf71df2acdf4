"""Everything that can go wrong, told apart."""

import sys

import anyio

from claude_code_sdk import (
    ClaudeSDKClient,
    ClaudeSDKError,
    CLIConnectionError,
    CLIJSONDecodeError,
    CLINotFoundError,
    ProcessError,
    query,
)
from claude_code_sdk._errors import MessageParseError


async def ask() -> str:
    try:
        async for _ in query(prompt="Hello"):
            pass
    except CLINotFoundError:
        return "Please install Claude Code"
    except CLIConnectionError as e:
        return f"No connection: {e}"
    except ProcessError as e:
        return f"Process failed with exit code {e.exit_code}: {(e.stderr or '').strip()}"
    except CLIJSONDecodeError as e:
        return f"Cannot read {e.line!r}: {e.original_error}"
    except MessageParseError as e:
        return f"Cannot understand {e.data}"
    except ClaudeSDKError as e:
        return f"Something else: {e}"
    return "All is well"


async def without_connecting() -> str:
    client = ClaudeSDKClient()
    try:
        await client.query("Hello")
    except CLIConnectionError as e:
        return str(e)
    return "This cannot be"


async def main() -> None:
    print(await ask())
    print(await without_connecting())
    await ClaudeSDKClient().disconnect()


if __name__ == "__main__":
    anyio.run(main)
    sys.exit(0)
