"""Measuring the load generator beside its peers: what scripts/bench-load does."""
