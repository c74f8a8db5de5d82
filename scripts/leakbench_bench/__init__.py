"""What scripts/bench-runtime and scripts/bench-load have in common."""
