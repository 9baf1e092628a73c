"""The command line and the launcher. Nobody imports it."""
