"""`from claude_code_sdk.client import ClaudeSDKClient`, as programs for the older SDKs write it.

Above: those programs.  Below: `_client.py`.
"""

from ._client import ClaudeSDKClient as ClaudeSDKClient
