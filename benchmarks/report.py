"""The table of a run, as plain text."""

HEADINGS = ("what", "asked", "goal", "reached", "rounds", "verdict", "ours / official (one middle round)")


def table(outcomes: list[dict]) -> str:
    """One line a claim; an experiment that failed says why below its lines."""
    rows = [HEADINGS]
    for outcome in outcomes:
        rows.extend(cells(claim) for claim in outcome["claims"])
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    failures = [f"{outcome['experiment']} failed: {outcome['error']}" for outcome in outcomes if "error" in outcome]
    return "\n".join(lines + failures)


def cells(claim: dict) -> tuple[str, ...]:
    bound, unit = "<= " if claim["lower"] else ">= ", claim["unit"]
    goal = "" if claim["goal"] is None else f"{bound}{claim['goal']:g}{unit}"
    asked = f"{bound}{claim['asked']:g}{unit}"
    if claim["reached"] is None:
        return claim["what"], asked, goal, "", "", claim["verdict"], ""
    spread = f"{number(claim['least'])}-{number(claim['most'])}"
    return claim["what"], asked, goal, number(claim["reached"]) + unit, spread, claim["verdict"], claim["shown"]


def number(figure: float) -> str:
    return f"{figure:.3g}"
