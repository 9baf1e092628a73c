"""Benchmarks: each a function that returns figures, and a command under `frontdesk bench`."""
