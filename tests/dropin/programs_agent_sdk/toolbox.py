"""Tools of every kind of schema and result."""

from typing import Annotated, Any, TypedDict

import anyio

from claude_code_sdk import (
    ClaudeAgentOptions,
    ClaudeSDKClient,
    ResultMessage,
    SdkMcpTool,
    ToolAnnotations,
    create_sdk_mcp_server,
    tool,
)


class Search(TypedDict):
    query: Annotated[str, "What to look for"]
    limit: int


@tool("search", "Search the notes", Search, annotations=ToolAnnotations(readOnlyHint=True, title="Search"))
async def search(args: dict[str, Any]) -> dict[str, Any]:
    found = f"{args['limit']} notes about {args['query']}"
    return {"content": [{"type": "text", "text": found}, {"type": "image", "data": "aGk=", "mimeType": "image/png"}]}


@tool("remember", "Keep a note", {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]})
async def remember(args: dict[str, Any]) -> dict[str, Any]:
    if not args["text"]:
        raise ValueError("nothing to remember")
    return {"content": [{"type": "text", "text": "Kept."}]}


async def count(args: dict[str, Any]) -> dict[str, Any]:
    return {"content": [{"type": "text", "text": str(len(args["words"]))}]}


counting = SdkMcpTool(name="count", description="Count words", input_schema={"words": list[str]}, handler=count)


async def main() -> None:
    server = create_sdk_mcp_server("toolbox", tools=[search, remember, counting])
    print(server["type"], server["name"], [item.name for item in (search, remember, counting)])
    print(await search.handler({"query": "tea", "limit": 1}))
    options = ClaudeAgentOptions(mcp_servers={"box": server}, allowed_tools=["mcp__box__search"])
    async with ClaudeSDKClient(options=options) as client:
        await client.query("Use them all.")
        async for message in client.receive_response():
            if isinstance(message, ResultMessage):
                print(message.result)


if __name__ == "__main__":
    anyio.run(main)
