"""What a secret looks like: `Rule`, and `RULES`, our own dated set.

Above: search.py, which applies them, and prefilter.py, which knows by their literals what needs no search.  Below:
pseudonyms.py (shapes), plausible.py (whether a value is one).  Patterns are written for decoded text in which JSON, a
URL or a terminal's escapes may still stand, and are compiled when they are first needed.  What may be repeated before
the part that tells a secret is bounded, or a line of dashes would take time that grows with the square of its length.

The formats are those that the providers document, or that their keys are known to have; lengths are minimal ones, since
a key that was cut, or made up for a test, is better replaced than kept.  tests/cassettes/secrets/vectors.toml has a
vector for each rule.
"""

from __future__ import annotations

import re

from . import plausible
from .pseudonyms import bare, capitals, filled, hexadecimal, json_web_token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .pseudonyms import Shape

RULES_DATE = "2026-11-23"
"""The version of `RULES`: the day of their last change.  It goes into the header of a cassette."""

# A token begins here: not within a word, but behind an escape of JSON, of a URL or of a terminal.
BEGIN = (
    r"(?:(?<![A-Za-z0-9])|(?<=\\[bfnrt])|(?<=\\u[0-9a-fA-F]{4})|(?<=%[0-9A-Fa-f]{2})"
    r"|(?<=\x1b\[[0-9]m)|(?<=\x1b\[[0-9]{2}m))"
)
_WORD = r"[A-Za-z0-9_-]"


class Rule:
    """One kind of secret: its `name`, and the regular expression `pattern` that finds it in a text.

    - `pattern`: what its group `secret` matches is replaced; all of the match if it has no such group.
    - `literals`: lower-case texts of which one stands wherever the pattern matches, in any case of letters.  They
      decide quickly that there is nothing to find; a rule without any is tried on everything, which is slow.
    - `shape`: makes the pseudonym from a secret and its number: `REDACTED1`, filled up to the secret's length, unless
      said otherwise.  See pseudonyms.py for what it must hold to.
    - `accept`: whether a match is a secret at all, given the text that would be replaced.
    - `seen`: the prefilter sees every match without its literals: it holds 25 of `[A-Za-z0-9+/]` or 37 of
      `[A-Za-z0-9_-]` in a row, or `%` before two hexadecimal digits, or `@` within a word.
    """

    __slots__ = ("_compiled", "accept", "literals", "name", "pattern", "seen", "shape")

    def __init__(
        self,
        name: str,
        pattern: str,
        *,
        literals: Sequence[str] = (),
        shape: Shape = filled,
        accept: Callable[[str], bool] | None = None,
        seen: bool = False,
    ) -> None:
        """Raises:
        ValueError: `pattern` is no regular expression, or it matches the empty text, or a literal has a capital.
        """
        self.name = name
        self.pattern = pattern
        self.literals = tuple(literals)
        self.shape = shape
        self.accept = accept
        self.seen = seen
        self._compiled: re.Pattern[str] | None = None

    @property
    def compiled(self) -> re.Pattern[str]:
        """The pattern, compiled on first use: the whole set takes 40 ms, a clean recording needs none of it."""
        if self._compiled is None:
            self._compiled = re.compile(self.pattern)
        return self._compiled

    def check(self) -> None:
        """Raises:
        ValueError: The pattern is no regular expression or matches the empty text, or a literal has a capital letter.
        """
        try:
            empty = self.compiled.search("")
        except re.error as error:
            raise ValueError(f"rule {self.name!r}: the pattern is no regular expression: {error}") from error
        if empty is not None:
            raise ValueError(f"rule {self.name!r}: the pattern matches the empty text")
        for literal in self.literals:
            if not literal or literal != literal.lower():
                raise ValueError(f"rule {self.name!r}: the literal {literal!r} must be lower-case text")

    def __repr__(self) -> str:
        return f"<Rule {self.name}>"


def _token(
    name: str, prefix: str, body: str, *literals: str, shape: Shape = filled, seen: bool = False, begin: str = BEGIN
) -> Rule:
    """A key with a public beginning."""
    accept = plausible.random_looking
    return Rule(name, f"{begin}{prefix}(?P<secret>{body})", literals=literals, shape=shape, accept=accept, seen=seen)


# Names of settings that hold secrets, as one part of an identifier.
_CREDENTIAL = (
    r"(?:pass(?:word|wd|phrase)|pwd|secret|credentials?|api[_-]?key|access[_-]?key|private[_-]?key|secret[_-]?key"
    r"|signing[_-]?key|encryption[_-]?key|account[_-]?key|auth[_-]?key|master[_-]?key|(?:[a-z]+[_-])?token)"
)
_QUOTE = r"""(?:\\*["'])"""
# Every frame has `input_tokens`: what comes behind tells a name from a count.
_TOKEN_LITERALS = tuple(f"token{behind}" for behind in ('"', "'", "=", ":", "\\", " =", " :"))
_KEYED_LITERALS = (
    *("passw", "passphrase", "pwd", "secret", "credential", "apikey", "api_key", "api-key"),
    *("_key", "-key", "accesskey", "privatekey", "secretkey", "accountkey", *_TOKEN_LITERALS),
)

RULES: tuple[Rule, ...] = (
    # Model providers
    _token("anthropic-key", r"sk-ant-(?:[a-z]{2,8}[0-9]{2}-)?", _WORD + r"{10,}", "sk-ant-", begin=""),
    _token("openrouter-key", r"sk-or-v1-", r"[0-9a-f]{32,}", "sk-or-", shape=hexadecimal),
    _token("openai-key", r"sk-(?:proj-|svcacct-|admin-|None-)?", r"(?!ant-)" + _WORD + r"{20,}", "sk-"),
    _token("huggingface-token", r"(?:hf|api_org)_", r"[A-Za-z0-9]{25,}", "hf_", "api_org_", seen=True),
    _token("groq-key", r"gsk_", r"[A-Za-z0-9]{30,}", "gsk_", seen=True),
    _token("xai-key", r"xai-", r"[A-Za-z0-9]{40,}", "xai-", seen=True),
    _token("perplexity-key", r"pplx-", r"[A-Za-z0-9]{30,}", "pplx-", seen=True),
    _token("replicate-token", r"r8_", r"[A-Za-z0-9]{30,}", "r8_", seen=True),
    _token("langsmith-key", r"lsv2_(?:pt|sk)_", r"[0-9a-f]{32}_[0-9a-f]{10}", "lsv2_", seen=True),
    _token("tavily-key", r"tvly-(?:dev-|prod-)?", r"[A-Za-z0-9]{25,}", "tvly-", seen=True),
    # Source code and packages
    _token("github-token", r"gh[opsur]_", r"[A-Za-z0-9]{25,}", "ghp_", "gho_", "ghs_", "ghu_", "ghr_", seen=True),
    _token("github-pat", r"github_pat_", r"[A-Za-z0-9_]{26,}", "github_pat_", begin="", seen=True),
    _token(
        "gitlab-token",
        r"gl(?:pat|dt|rt|cbt|ptt|soat)-",
        r"[A-Za-z0-9_-]{16,}(?:\.[A-Za-z0-9_-]{2,})*",
        *("glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glsoat-"),
        begin="",
    ),
    _token("npm-token", r"npm_", r"[A-Za-z0-9]{30,}", "npm_", seen=True),
    _token("pypi-token", r"pypi-", _WORD + r"{37,}", "pypi-", seen=True),
    _token("rubygems-key", r"rubygems_", r"[0-9a-f]{40,}", "rubygems_", shape=hexadecimal, seen=True),
    _token("docker-token", r"dckr_(?:pat|oat)_", _WORD + r"{20,}", "dckr_"),
    # Clouds
    _token(
        "aws-key-id",
        r"(?:AKIA|ASIA)",
        r"[A-Z0-9]{16}(?![A-Za-z0-9])",
        "akia",
        "asia",
        shape=capitals,
    ),
    Rule(
        "aws-secret",
        r"""(?i:aws|amazon|secret_?access_?key|session_?token).{0,40}?(?:[=:\s"'\\>]|%3d|%22)+(?P<secret>(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/]))""",
        literals=("aws", "amazon", "secretaccesskey", "secret_access_key", "sessiontoken", "session_token"),
        accept=plausible.mixed,
        seen=True,
    ),
    _token("google-key", r"AIza", _WORD + r"{33,}", "aiza", seen=True),
    _token("google-client-secret", r"GOCSPX-", _WORD + r"{20,}", "gocspx-", begin=""),
    _token("google-oauth", r"ya29\.", r"[A-Za-z0-9_-]{37,}(?:\.[A-Za-z0-9_-]+)*", "ya29.", seen=True),
    _token("google-refresh-token", r"1//0", _WORD + r"{37,}", "1//0", seen=True),
    Rule(
        "azure-key",
        r"""(?i:(?:account|shared_?access|primary|secondary)_?key["'\\]*)\s*(?:[=:]|%3d)\s*["'\\]*(?P<secret>[A-Za-z0-9+/]{40,}(?:=|%3[dD]){0,2})""",
        literals=(
            "accountkey",
            "account_key",
            "accesskey",
            "access_key",
            "primarykey",
            "primary_key",
            "secondarykey",
            "secondary_key",
        ),
        seen=True,
    ),
    Rule(
        "azure-client-secret",
        r"(?<![A-Za-z0-9_~.])[A-Za-z0-9_~.-]{3}[0-9]Q~(?P<secret>[A-Za-z0-9_~.-]{31,36})",
        literals=("q~",),
        seen=True,
    ),
    Rule(
        "azure-signature",
        r"[?&](?:amp;)?sig=(?P<secret>(?:[A-Za-z0-9+/_-]|%2[bBfF]){30,}(?:=|%3[dD]){0,2})",
        literals=("sig=",),
        seen=True,
    ),
    _token(
        "digitalocean-token",
        r"do[opr]_v1_",
        r"[0-9a-f]{40,}",
        "doo_v1_",
        "dop_v1_",
        "dor_v1_",
        shape=hexadecimal,
        seen=True,
    ),
    _token("databricks-token", r"dapi", r"[0-9a-f]{32}(?:-[0-9])?", "dapi", shape=hexadecimal, seen=True),
    _token("heroku-key", r"HRKU-", r"[A-Za-z0-9_-]{36,}", "hrku-", seen=True),
    _token(
        "fly-token",
        r"(?:fo1_|fm[12][ar]?_)",
        r"[A-Za-z0-9+/=_-]{40,}",
        "fo1_",
        "fm1_",
        "fm2_",
        "fm1r_",
        "fm1a_",
        "fm2r_",
        "fm2a_",
        seen=True,
    ),
    _token("vault-token", r"hv[bs]\.", _WORD + r"{24,}", "hvs.", "hvb."),
    _token("terraform-token", r"[A-Za-z0-9]{14}\.atlasv1\.", r"[A-Za-z0-9_=-]{40,}", "atlasv1.", seen=True),
    _token("pulumi-token", r"pul-", r"[0-9a-f]{40}", "pul-", shape=hexadecimal, seen=True),
    # Services
    _token(
        "slack-token",
        r"xox[abceoprs](?:\.xox[bp])?-",
        r"[A-Za-z0-9-]{10,}",
        "xox",
        begin="",
    ),
    _token("slack-app-token", r"xapp-", r"[A-Za-z0-9-]{33,}", "xapp-", seen=True),
    Rule(
        "slack-webhook",
        r"hooks\.slack\.com(?:/|%2[fF])(?:services|workflows|triggers)(?:/|%2[fF])(?P<secret>(?:[A-Za-z0-9_+/-]|%2[fF]){20,})",
        literals=("hooks.slack.com",),
        seen=True,
    ),
    Rule(
        "webhook",
        r"(?:discord(?:app)?\.com/api/webhooks/[0-9]+/|webhook\.office\.com/webhookb2/|outlook\.office\.com/webhook/)(?P<secret>[A-Za-z0-9_@/-]{20,})",
        literals=("webhook",),
        seen=True,
    ),
    _token("stripe-key", r"[rs]k_(?:live|test)_", r"[A-Za-z0-9]{10,}", "k_live_", "k_test_"),
    _token("stripe-webhook", r"whsec_", r"[A-Za-z0-9+/=]{25,}", "whsec_", seen=True),
    _token("sendgrid-key", r"SG\.", _WORD + r"{16,}\." + _WORD + r"{37,}", "sg.", seen=True),
    _token("mailgun-key", r"key-", r"[0-9a-f]{32}(?![0-9a-f])", "key-", shape=hexadecimal, seen=True),
    _token("mailchimp-key", r"", r"[0-9a-f]{32}(?=-us[0-9]{1,2}\b)", "-us", shape=hexadecimal, seen=True),
    _token("twilio-key", r"SK", r"[0-9a-f]{32}(?![0-9a-f])", "sk", shape=hexadecimal, seen=True),
    _token("telegram-token", r"[0-9]{8,10}:", r"AA[A-Za-z0-9_-]{33}", ":aa"),
    _token(
        "shopify-token",
        r"shp(?:at|ca|pa|ss|ua)_",
        r"[0-9a-fA-F]{32}",
        "shpat_",
        "shpca_",
        "shppa_",
        "shpss_",
        "shpua_",
        shape=hexadecimal,
        seen=True,
    ),
    _token("square-token", r"sq0(?:atp|csp)-", _WORD + r"{22,}", "sq0"),
    _token("sentry-token", r"sntry[su]_", r"[A-Za-z0-9+/=_-]{37,}", "sntrys_", "sntryu_", seen=True),
    _token("grafana-token", r"gl(?:sa|c)_", r"[A-Za-z0-9+/=_]{33,}", "glsa_", "glc_", seen=True),
    _token("newrelic-key", r"NRAK-", r"[A-Z0-9]{27}", "nrak-", shape=capitals, seen=True),
    _token("atlassian-token", r"ATATT3", r"[A-Za-z0-9_=-]{40,}", "atatt3", seen=True),
    _token("linear-key", r"lin_(?:api|oauth)_", r"[A-Za-z0-9]{30,}", "lin_", seen=True),
    _token("notion-token", r"(?:ntn|secret)_", r"[A-Za-z0-9]{40,}", "ntn_", "secret_", seen=True),
    _token("figma-token", r"figd_", r"[A-Za-z0-9_-]{32,}", "figd_", seen=True),
    _token("postman-key", r"PMAK-", r"[0-9a-f]{24}-[0-9a-f]{34}", "pmak-", shape=hexadecimal, seen=True),
    _token("supabase-token", r"sb(?:p|_secret)_", r"[A-Za-z0-9_]{37,}", "sbp_", "sb_secret_", seen=True),
    _token(
        "doppler-token", r"dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[a-z0-9_-]+\.)?", r"[A-Za-z0-9]{40,}", "dp.", seen=True
    ),
    _token("age-key", r"AGE-SECRET-KEY-1", r"[A-Z0-9]{40,}", "age-secret-key-", shape=capitals, seen=True),
    # Forms of any provider
    Rule(
        "private-key",
        r"-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----(?:\s|\\+[nrt])*"
        r"(?P<secret>[A-Za-z0-9+/](?:[A-Za-z0-9+/=:.,;()\s\\→|]|-(?!----))*[A-Za-z0-9+/=])",
        literals=("private key",),
        shape=bare,
    ),
    Rule(
        "json-web-token",
        BEGIN + r"(?P<secret>eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*)",
        literals=(".eyj",),
        shape=json_web_token,
    ),
    Rule(
        "json-web-encryption",
        BEGIN
        + r"(?P<secret>eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]{37,}\.[A-Za-z0-9_-]+)",
        literals=("eyj",),
        shape=json_web_token,
        seen=True,
    ),
    Rule(
        "bearer",
        r"(?i:bearer)(?:\s|%20|\+)+(?P<secret>[A-Za-z0-9._~+/=-]{8,})",
        literals=("bearer",),
        accept=plausible.random_looking,
    ),
    Rule(
        "basic-auth",
        r"(?i:basic)(?:\s|%20)+(?P<secret>[A-Za-z0-9+/]{6,}(?:=|%3[dD]){0,2})",
        literals=("basic ", "basic%20", "basic\t", "basic\\"),
        accept=plausible.user_and_password,
    ),
    Rule(
        "auth-header",
        r"(?i:(?:proxy-)?authorization|x-(?:[a-z]+-){0,6}(?:key|token|secret))"
        + _QUOTE
        + r"?\s*(?:[:=]|%3a|%3A)\s*"
        + _QUOTE
        + r"?(?:(?i:bearer|basic|token|digest|negotiate|apikey|api-key)(?:\s|%20)+)?"
        + r"(?P<secret>[A-Za-z0-9._~+/=%:-]{8,})",
        literals=("authorization", "-key", "secret", *_TOKEN_LITERALS),
        accept=plausible.header_value,
    ),
    Rule(
        "cookie",
        r"(?i:cookie)2?"
        + _QUOTE
        + r"?\s*[:=]\s*"
        + _QUOTE
        + r"?[A-Za-z0-9_.%-]+=(?P<secret>[^\s\"'\\;,]{6,}(?:;\s*[A-Za-z0-9_.%-]+=[^\s\"'\\;,]*)*)",
        literals=("cookie",),
        accept=plausible.header_value,
        shape=bare,
    ),
    Rule(
        "url-password",
        r"(?i:[a-z][a-z0-9+.-]{0,30})(?::|%3a|%3A)(?://|%2[fF]%2[fF]|\\/\\/)[^\s/:@\"'<>\\]*(?::|%3a|%3A)(?P<secret>[^\s/@\"'<>\\]{3,}?)(?:@|%40)[A-Za-z0-9\[]",
        literals=("://", "%2f%2f", ":\\/\\/"),
        seen=True,
        accept=plausible.password,
    ),
    Rule(
        "url-parameter",
        r"(?i:[?&;](?:amp;)?(?:api[_-]?key|key|token|access_token|refresh_token|id_token|auth|secret|client_secret|password|passwd|pwd)=)"
        r"(?P<secret>[^\s&\"'\\#<>]{8,})",
        literals=("key=", "token=", "auth=", "secret=", "password=", "passwd=", "pwd="),
        accept=plausible.random_looking,
    ),
    Rule(
        "setting",
        r"(?i:(?<![A-Za-z0-9])"
        + _CREDENTIAL
        + r"(?:[_.-][a-z0-9_]{1,20})?)"
        + _QUOTE
        + r"?(?:\s|\\+[tn])*(?:=>|:=|[=:]|%3[dDaA])(?:\s|\\+[tn])*"
        + _QUOTE
        + r"""(?P<secret>[^\s"'\\]{6,})(?=\\*["'])""",
        literals=_KEYED_LITERALS,
        accept=plausible.quoted_secret,
    ),
    Rule(
        "variable",
        r"(?<![A-Za-z0-9])(?i:(?:PASS(?:WORD|WD|PHRASE)|SECRETS?|API_?KEY|_KEY|CREDENTIALS?)(?:_[A-Z0-9]{1,12})?"
        r"|PASS|PWD|TOKEN|KEY|AUTH)(?:=|%3[dD])(?P<secret>[^\s\"'\\$<>`;&|(){}\[\],*]{6,})",
        literals=(
            *("pass=", "passw", "passphrase", "pwd=", "secret", "credential", "apikey", "_key", "key=", "auth="),
            *_TOKEN_LITERALS,
        ),
        accept=plausible.assigned_secret,
    ),
    Rule(
        "flag",
        r"(?i:--?(?:[a-z]+-){0,6}(?:password|passwd|passphrase|secret|token|api-?key|access-?key|private-?key))(?:\s+|=)"
        + _QUOTE
        + r"?(?P<secret>[^\s\"'\\$<>`;&|(){}\[\]-][^\s\"'\\$<>`;&|(){}\[\]]{5,})",
        literals=(
            *("password", "passwd", "passphrase", "-secret", "-token", "api-key", "apikey", "access-key", "accesskey"),
            *("private-key", "privatekey"),
        ),
        accept=plausible.assigned_secret,
    ),
)
