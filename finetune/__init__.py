"""Training and benchmarks. Imports what it trains for, never the reverse; torch only where a model is trained."""
