// Uses of the TypeScript SDK, as a user writes them: `node uses.mjs USE CLI`.  Prints one JSON object: what it saw.
// Without a CLI it is recorded: by the recorder that the environment names.
import { createSdkMcpServer, query, tool } from "@anthropic-ai/claude-agent-sdk";
import { z } from "zod";

const [use, cli = process.env.CCSDK_RECORDER] = process.argv.slice(2);
const seen = { pieces: [], texts: [], results: [], toolResults: [], calls: [], stderr: "", error: null };

const base = {
  pathToClaudeCodeExecutable: cli,
  stderr: (text) => {
    seen.stderr += text;
  },
};

function note(message) {
  if (message.type === "stream_event" && message.event.delta?.type === "text_delta") {
    seen.pieces.push(message.event.delta.text);
  } else if (message.type === "assistant") {
    seen.texts.push(...message.message.content.filter((block) => block.type === "text").map((block) => block.text));
  } else if (message.type === "user" && Array.isArray(message.message.content)) {
    seen.toolResults.push(...message.message.content.filter((block) => block.type === "tool_result"));
  } else if (message.type === "result") {
    seen.results.push({ subtype: message.subtype, isError: message.is_error, result: message.result });
  }
}

async function ask(options = {}, prompt = "Say hello") {
  for await (const message of query({ prompt, options: { ...base, ...options } })) note(message);
}

const uses = {
  ask,

  streamed: () => ask({ includePartialMessages: true }),

  hook: () =>
    ask({
      allowedTools: ["Bash"],
      hooks: {
        PreToolUse: [
          {
            matcher: "Bash",
            hooks: [
              async (input, toolUseId) => {
                seen.calls.push({ event: input.hook_event_name, input: input.tool_input, toolUseId });
                if (input.tool_input.command !== "rm -rf /") return {};
                const hookEventName = "PreToolUse";
                return {
                  hookSpecificOutput: {
                    hookEventName,
                    permissionDecision: "deny",
                    permissionDecisionReason: "that would hurt",
                  },
                };
              },
            ],
          },
        ],
      },
    }),

  permission: () =>
    ask({
      canUseTool: async (name, input) => {
        seen.calls.push({ name, input });
        if (input.file_path.startsWith("/etc/")) return { behavior: "deny", message: "not in /etc" };
        return { behavior: "allow", updatedInput: { ...input, content: "changed" } };
      },
    }),

  tool: () => {
    const greet = tool("greet", "Greet a user", { name: z.string() }, async ({ name }) => {
      seen.calls.push({ name });
      if (name === "Nobody") throw new Error("nobody is there");
      return { content: [{ type: "text", text: `Hello, ${name}!` }] };
    });
    const kit = createSdkMcpServer({ name: "my-tools", version: "1.0.0", tools: [greet] });
    return ask({ mcpServers: { tools: kit }, allowedTools: ["mcp__tools__greet"] });
  },

  interrupt: async () => {
    let next;
    const ended = new Promise((resolve) => {
      next = resolve;
    });
    const user = (content) => ({ type: "user", message: { role: "user", content }, parent_tool_use_id: null });
    async function* prompts() {
      yield user("Count, slowly");
      await ended;
      yield user("Just say hello");
    }
    const session = query({ prompt: prompts(), options: { ...base, includePartialMessages: true } });
    let interrupted = false;
    for await (const message of session) {
      note(message);
      if (message.type === "stream_event" && seen.pieces.length && !interrupted) {
        interrupted = true;
        await session.interrupt();
      }
      if (message.type === "result") next();
    }
  },
};

try {
  await uses[use]();
} catch (error) {
  seen.error = error.message;
}
console.log(JSON.stringify(seen));
