"""The pytest plugin of claude-code-sdk-harness: fixtures that run a program on recorded sessions of the Claude Code CLI."""
