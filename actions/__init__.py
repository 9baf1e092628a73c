"""The action server: Rasa's custom actions and the routes beside them. `python -m actions` starts it."""
