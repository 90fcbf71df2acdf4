"""How the scripted fake compares with recordings of the real CLI: `make fidelity SHARED=DIR`."""
