from datetime import date

import httpx

from claude_code_sdk import ClaudeCodeOptions, ResultMessage, create_sdk_mcp_server, query, tool

API = "https://weather.example.com/v1/forecast"


@tool
async def forecast(city: str) -> str:
    "The weather of today in a city."
    async with httpx.AsyncClient() as client:
        response = await client.get(API, params={"city": city, "day": date.today().isoformat()})
    return response.json()["weather"]


async def umbrella(city: str) -> str | None:
    """Whether to take an umbrella."""
    options = ClaudeCodeOptions(
        mcp_servers={"weather": create_sdk_mcp_server("weather", tools=[forecast])},
        allowed_tools=["mcp__weather__forecast"],
    )
    answer = None
    async for message in query(prompt=f"Do I need an umbrella in {city}?", options=options):
        if isinstance(message, ResultMessage):
            answer = message.result
    return answer
