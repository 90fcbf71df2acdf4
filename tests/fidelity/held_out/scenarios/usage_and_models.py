from _util import *
DOC = "usage given by the model with caches, two models in a session by set_model, a sub-agent with a third: usage, modelUsage, costs, num_turns"
U = lambda i, o, r=0, w=0: {"input_tokens": i, "output_tokens": o, "cache_read_input_tokens": r, "cache_creation_input_tokens": w}
MODEL = [{"content": [Bash("b1", "echo one")], "usage": U(1000, 100, 5000, 300)}, {"content": [T("One.")], "usage": U(10, 50, 6000)}, {"content": [Agent("a1", "SUB count", "counter")], "usage": U(2000, 80)}, {"match": "You are a counter.", "content": [T("Three.")], "usage": U(700, 30)}, {"content": [T("Two.")], "usage": U(2100, 20)}]
async def drive(sdk, make_options, log):
    def call(n, f):
        f.__name__ = n
        return f
    await converse(sdk, log, make_options(agents={"counter": sdk.AgentDefinition(description="Counts", prompt="You are a counter.", model="haiku")}), "one", call("model", lambda c: c.set_model("claude-sonnet-4-5")), "two", call("usage", lambda c: c.get_context_usage()))
