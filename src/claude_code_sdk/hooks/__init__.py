"""Hooks: functions of this program that the CLI calls at points of a session.

`matcher.py` has what every program with hooks needs.  `inputs.py` and `outputs.py` are the typed forms of what hooks
get and give: 40 classes that are loaded only when a program names one, from there or from `claude_code_sdk`.
"""

from .matcher import HookCallback as HookCallback
from .matcher import HookContext as HookContext
from .matcher import HookEvent as HookEvent
from .matcher import HookMatcher as HookMatcher
