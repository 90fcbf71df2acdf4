"""The table of a run, as plain text of 80 columns: two lines a claim."""

HEADINGS = ("what", "reached", "asked", "verdict")


def table(outcomes: list[dict]) -> str:
    """The claims with their details below them; an experiment that failed says why below its claims."""
    claims = [claim for outcome in outcomes for claim in outcome["claims"]]
    rows = [HEADINGS, *map(cells, claims)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    heading, *lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
    parts = [heading, "  ".join("-" * width for width in widths)]
    for line, claim in zip(lines, claims, strict=True):
        parts.append(line)
        if claim["reached"] is not None and details(claim):
            parts.append(f"    {details(claim)}")
    return "\n".join(parts + [f"{each['experiment']} failed: {each['error']}" for each in outcomes if "error" in each])


def cells(claim: dict) -> tuple[str, ...]:
    reached = "" if claim["reached"] is None else number(claim["reached"]) + claim["unit"]
    return claim["what"], reached, bound(claim, "asked"), claim["verdict"]


def details(claim: dict) -> str:
    """The goal, the range of the rounds, and the figures of one of the middle rounds: ours / official."""
    parts = [] if claim["goal"] is None else [f"goal {bound(claim, 'goal')}"]
    if claim["least"] != claim["most"]:
        parts.append(f"rounds {number(claim['least'])} to {number(claim['most'])}")
    return "; ".join(parts + [claim["shown"]] * bool(claim["shown"]))


def bound(claim: dict, name: str) -> str:
    return f"{'<=' if claim['lower'] else '>='} {claim[name]:g}{claim['unit']}"


def number(figure: float) -> str:
    return f"{figure:.3g}"
