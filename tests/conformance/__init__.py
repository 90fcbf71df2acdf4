"""Conformance with recordings of the real CLI: `make conformance SHARED=DIR`."""
