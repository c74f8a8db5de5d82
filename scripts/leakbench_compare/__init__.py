"""Compares arms of leakbench runs: statistics, verdicts, and their tables and files.

Nothing in here measures; run folders are read by leakbench_report.
"""
