"""Side-by-side speed of this SDK and the official one; `python -m benchmarks`, described in README.md."""
