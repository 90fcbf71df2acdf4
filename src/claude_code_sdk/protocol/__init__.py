"""The wire protocol, sans-IO: framing, events, states, and the `Connection` that plays either role.

Nothing here does I/O, reads a clock, draws a random number or logs.  Imports: stdlib, and little of it.
"""
