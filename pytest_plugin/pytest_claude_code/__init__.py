"""The pytest plugin of claude-code-sdk-harness: run programs on recorded sessions of the Claude Code CLI."""
