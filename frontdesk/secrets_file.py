"""The secrets in `.env`."""

from __future__ import annotations

import secrets

from textkit.settings import PREFIX, ROOT, load_dotenv_file, settings

SECRETS = ("ACTION_SECRET", "SESSION_SECRET")


def write_secrets() -> bool:
    """Put missing secrets into `.env`, readable by its owner alone; tells whether it wrote any."""
    file = ROOT / ".env"
    present = load_dotenv_file()
    missing = [PREFIX + name for name in SECRETS if not present.get(PREFIX + name)]
    if not missing:
        return False
    file.touch(mode=0o600, exist_ok=True)
    file.chmod(0o600)
    before = file.read_text(encoding="utf-8")
    lines = [f"{name}={secrets.token_urlsafe(32)}" for name in missing]
    file.write_text(before + ("\n" if before and not before.endswith("\n") else "") + "\n".join(lines) + "\n", "utf-8")
    settings.cache_clear()
    return True
