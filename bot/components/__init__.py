"""Rasa graph components; config.yml names them by module path."""
