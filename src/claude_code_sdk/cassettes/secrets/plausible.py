"""Whether a value that stands where a secret may stand is one: not a word, a name, a type or a reference to elsewhere.

Above: rules.py, values.py, search.py.  Only for places where code and prose say other things as often as secrets; a key
with the public beginning of a provider needs little of it.
"""

from __future__ import annotations

import re
from itertools import pairwise

# What stands for a value: a template, a call, a reference, dots, a filler.
_REFERENCE = re.compile(
    r"""\$\{?\w|\{\{|%\(|%[sd]\b|^<|>$|\(|^process\.env|^os\.|^env\.|environ|getenv|^self\.|^config\.|^settings\."""
    r"""|^(?:x{4,}|X{4,}|\*+|\.{3,}|-+|_+|#+)$|^\.{3}|\.{3}$|^…|…$|^\["""
    r"""|^(?i:your|my|the|some|change|replace|insert|enter)[-_ ]""",
)
_LETTER = re.compile(r"[A-Za-z]")
_DIGIT = re.compile(r"[0-9]")

# Words that stand where a secret would, and are none: values of settings, names of types, of fields and of schemes.
_WORDS = """
    always anthropic anonymous api_key apikey api-key authorization authenticated automatic basic bearer boolean
    browser bytes changeme changeit claude client credential credentials default description development digest
    disable disabled email enable enabled encrypted environment error example external failed false firstparty
    header headers hidden input internal invalid keychain keyring keytar literal local localhost manual masked
    missing negotiate never newpassword none normal null number object openssl optional options oauth password
    passwd passphrase persistent pending placeholder plain private production project prompt property provider
    public read readonly redacted refresh required sandbox secret secrets session string subscription success system
    testing third-party token tokens true undefined unknown unset user username value verified version warning
    workspace writable access_token refresh_token id_token auth_token current_password new_password old_password
    password_hash password1 password2 confirm_password application/json text/event-stream
"""
WORDS = frozenset(_WORDS.split())


def word(value: str) -> bool:
    """Whether `value` says something, instead of being secret."""
    return value.lower() in WORDS or _REFERENCE.search(value) is not None


def mixed(value: str) -> bool:
    """Letters in both cases and digits, as chance makes them in forty characters."""
    return _DIGIT.search(value) is not None and value.lower() != value and value.upper() != value


def random_looking(value: str) -> bool:
    """A digit or a capital among its characters, or one character again and again, as tests make keys up."""
    if value.lower() in WORDS:
        return False
    if _DIGIT.search(value) or value.lower() != value:
        return not value.lower().startswith(("your-", "your_"))
    return len(set(value)) <= 2 and value.strip("xX.-_*") != ""


def user_and_password(value: str) -> bool:
    """Base64 of `user:password`."""
    from binascii import Error, a2b_base64

    value = re.sub("%3[dD]", "=", value)
    try:
        text = a2b_base64(value + "=" * (-len(value) % 4))
    except Error:
        return value.startswith("REDACTED")
    return value.startswith("REDACTED") or (b":" in text and text.isascii() and text.decode().isprintable())


def header_value(value: str) -> bool:
    """The value of a header that authenticates."""
    return not word(value) and (_DIGIT.search(value) is not None or value.lower() != value or len(value) >= 20)


def password(value: str) -> bool:
    """What stands between a user and a host in a URL."""
    return not word(value) and value not in ("pass", "pwd", "pw")


def quoted_secret(value: str) -> bool:
    """What is assigned, in quotes, to a name that promises a secret."""
    if word(value):
        return False
    return _DIGIT.search(value) is not None or re.search(r"[^\w.:/ -]", value) is not None or _camel_noise(value)


def assigned_secret(value: str) -> bool:
    """What is assigned without quotes: code stands there as often."""
    if word(value) or not _LETTER.search(value):
        return len(value) >= 8 and value.isdigit()
    return _DIGIT.search(value) is not None or re.search(r"[^\w.:/-]", value) is not None or _camel_noise(value)


def _camel_noise(value: str) -> bool:
    """Capitals and small letters in a disorder that names do not have."""
    changes = sum(a.islower() != b.islower() for a, b in pairwise(value) if a.isalpha() and b.isalpha())
    return len(value) >= 12 and changes * 3 >= len(value)


def member_value(value: str) -> bool:
    """The value of a member of JSON whose name promises a secret: no code stands there."""
    return len(value) >= 6 and not word(value) and not re.fullmatch(r"[A-Z][A-Z0-9_]*|/[\w./-]*|\{\{.*", value)


def variable_value(value: str) -> bool:
    """The value of an environment variable whose name promises a secret."""
    if len(value) < 8 or word(value) or value.startswith(("/", "unix:", "{{", "~/")):
        return False
    return not (value.isdigit() and len(value) < 10)
