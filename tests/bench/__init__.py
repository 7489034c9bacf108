"""`python -m tests.bench`: how fast it is, as ratios from one interleaved run, against limits."""
