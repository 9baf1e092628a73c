"""Unlabelled messages to labelled examples: clusters, suggestions, what is most worth labelling."""
