"""Intents for customers' messages that have none: clusters, suggestions, what is most worth a person's time."""
