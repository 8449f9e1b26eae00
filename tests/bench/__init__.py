"""The bench: what the engine costs, beside its goals. `scripts/bench` runs it; pytest does not."""
