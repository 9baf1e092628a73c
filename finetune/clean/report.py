"""What cleaning dropped or changed, with counts and a few redacted samples."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from finetune.clean.redact import redacted

SAMPLES = 3
SHOWN = 120


class Report:
    """Counts by reason; no text enters it but redacted samples, cut short."""

    def __init__(self) -> None:
        self.read = 0
        self.kept = 0
        self.dropped: Counter[str] = Counter()
        self.changed: Counter[str] = Counter()
        self.personal: Counter[str] = Counter()
        self._samples: dict[str, list[str]] = defaultdict(list)

    def drop(self, reason: str, text: str) -> None:
        """Count a message that is left out."""
        self.dropped[reason] += 1
        self._sample(reason, text)

    def change(self, reason: str, text: str) -> None:
        """Count a message that is kept with a change."""
        self.changed[reason] += 1
        self._sample(reason, text)

    def _sample(self, reason: str, text: str) -> None:
        samples = self._samples[reason]
        if len(samples) < SAMPLES and text.strip():
            short = " ".join(redacted(text).split())[:SHOWN]
            if short not in samples:
                samples.append(short)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "read": self.read,
            "kept": self.kept,
            "dropped": dict(self.dropped.most_common()),
            "changed": dict(self.changed.most_common()),
            "personal_data": dict(self.personal.most_common()),
            "samples": dict(self._samples),
        }
