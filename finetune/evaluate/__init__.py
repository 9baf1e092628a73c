"""How good a model is, how sure of that we are, and a report that shows both."""
