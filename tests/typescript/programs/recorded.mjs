// A program that knows of the recorder only by its environment: `node recorded.mjs PROMPT`.  Prints what it is told.
import { query } from "@anthropic-ai/claude-agent-sdk";

const allow = async (name, input) => ({ behavior: "allow", updatedInput: input });
const options = { pathToClaudeCodeExecutable: process.env.CCSDK_RECORDER, canUseTool: allow };
for await (const message of query({ prompt: process.argv[2], options })) {
  if (message.type === "result") console.log(message.result);
}
