"""Measuring the runtime against its peers: what scripts/bench-runtime does."""
