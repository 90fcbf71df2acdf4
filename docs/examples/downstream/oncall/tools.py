"""The agent's own tools.  They run in this process, when the model calls `mcp__desk__…`."""

from typing import Any

import httpx
from claude_code_sdk import create_sdk_mcp_server, tool

from . import status_api


@tool("service_status", "How a service is doing", {"name": str})
async def service_status(given: dict[str, Any]) -> dict[str, Any]:
    """A line about a service."""
    try:
        service = await status_api.service(given["name"])
    except httpx.HTTPError as error:
        return _failed(error)
    return _text(f"{service['name']} is {service['state']}, {service['error_rate']:.1%} errors")


@tool("open_incident", "Open an incident", {"title": str, "severity": str})
async def open_incident(given: dict[str, Any]) -> dict[str, Any]:
    """The number of the new incident."""
    try:
        incident = await status_api.open_incident(given["title"], given["severity"])
    except httpx.HTTPError as error:
        return _failed(error)
    return _text(f"opened {incident['id']}")


def _text(text: str) -> dict[str, Any]:
    return {"content": [{"type": "text", "text": text}]}


def _failed(error: httpx.HTTPError) -> dict[str, Any]:
    """The model is told, and may go on without."""
    what = error.response.status_code if isinstance(error, httpx.HTTPStatusError) else type(error).__name__
    return {**_text(f"the status API failed: {what}"), "is_error": True}


desk = create_sdk_mcp_server("desk", tools=[service_status, open_incident])
