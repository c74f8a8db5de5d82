"""From two names in a git repository to one run of both builds, and its comparison.

checkouts.py puts commits into worktrees, builds.py builds them, measuring.py runs leakbench and
compare.py, processes.py is how all of them start something that Ctrl-C must end.
"""
