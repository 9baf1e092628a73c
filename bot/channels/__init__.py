"""Channels: how customers reach the bot; credentials.yml names them by module path."""
