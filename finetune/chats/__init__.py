"""Past conversations from elsewhere, read into one form: a JSON line per message."""
