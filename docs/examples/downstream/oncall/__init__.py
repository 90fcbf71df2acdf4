"""An agent for whoever is on call.

- `agent.py` asks it something: `investigate`, `Desk`, `summary`.
- `policy.py` are its hooks: what never runs, what is written down, what the model is told.
- `permissions.py` is its permission callback.
- `tools.py` are its own tools, which call the API of `status_api.py`.
"""
