"""What a failed run says about itself."""

import anyio

from claude_code_sdk import (
    ClaudeAgentOptions,
    ClaudeSDKError,
    CLIConnectionError,
    ProcessError,
    ResultError,
    ResultMessage,
    query,
)


async def main() -> None:
    results = 0
    try:
        async for message in query(prompt="Go on.", options=ClaudeAgentOptions(max_turns=1)):
            if isinstance(message, ResultMessage):
                results += 1
                print(message.is_error, message.errors, message.api_error_status, message.terminal_reason)
    except ResultError as error:
        print(f"result: {error.subtype}, {error.errors}, {error.api_error_status}, {error.exit_code}")
        print(error.data["session_id"], error.session_id, error.terminal_reason, error.result)
    except ProcessError as error:
        print(f"process: {error.exit_code}")
    except CLIConnectionError as error:
        print(f"connection: {error}")
    except ClaudeSDKError as error:
        print(f"other: {error}")
    print(f"{results} results")


if __name__ == "__main__":
    anyio.run(main)
