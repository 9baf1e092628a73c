"""Conversations on disk: one transaction a turn, nothing lost and nothing doubled when the power goes."""
