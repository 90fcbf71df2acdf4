from _util import *
DOC = "WebFetch and WebSearch under domain rules, a hook that rewrites a url, a callback with suggestions; the fetch of a page that nobody serves; a deny rule in flag settings"
SETTINGS = json.dumps({"permissions": {"allow": ["WebFetch(domain:127.0.0.1)"], "deny": ["WebFetch(domain:evil.example)"], "ask": ["WebSearch"]}})
MODEL = [
    [TU("f1", "WebFetch", url="https://evil.example/x", prompt="what")],
    [TU("f2", "WebFetch", url="http://127.0.0.1:9/none", prompt="what")],
    [TU("f3", "WebFetch", url="https://docs.example.org/a?b=1", prompt="what")],
    [TU("f4", "WebSearch", query="tea prices", allowed_domains=["example.org"])],
    [TU("f5", "WebFetch", url="https://rewrite.example/z", prompt="what")],
    [T("Nothing reached.")],
    [TU("f6", "WebFetch", url="https://docs.example.org/b", prompt="again")], [T("Asked again?")],
]
async def drive(sdk, make_options, log):
    fix = lambda i: specific("PreToolUse", updatedInput={"url": "https://evil.example/y", "prompt": "changed"}) if i["tool_input"].get("url") == "https://rewrite.example/z" else {}
    decide = lambda n, i, c: "no searching" if n == "WebSearch" else sdk.PermissionResultDeny(message="offline", interrupt=i["url"].endswith("/b"))
    await converse(sdk, log, make_options(settings=SETTINGS, hooks={**on(sdk, log, "PreToolUse", fix, "WebFetch"), **on(sdk, log, "PermissionDenied")}, can_use_tool=permissions(sdk, log, decide)), "look it up", "once more")
