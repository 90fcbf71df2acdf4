"""Programs of a shared folder, run where this project runs: what conformance and fidelity have in common."""
