"""`from claude_code_sdk._errors import MessageParseError`, as programs for the older SDKs write it.

It was private there, but their documentation named it, and `MessageParseError` was nowhere else.
Above: those programs.  Below: `errors.py`.
"""

from .errors import ClaudeSDKError as ClaudeSDKError
from .errors import CLIConnectionError as CLIConnectionError
from .errors import CLIJSONDecodeError as CLIJSONDecodeError
from .errors import CLINotFoundError as CLINotFoundError
from .errors import MessageParseError as MessageParseError
from .errors import ProcessError as ProcessError
from .errors import ResultError as ResultError
