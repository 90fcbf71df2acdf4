"""Transports: how bytes reach whatever plays the CLI.  See `base.py` for the contract."""
