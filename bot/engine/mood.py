"""When a customer has been unhappy for a while: the slot `mood`, once for a run of negative messages.

What a message says counts less with every message after it, so that two negative ones in a row are a run, and one now
and then is none.
"""

from __future__ import annotations

from itertools import islice

from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

MOOD_SLOT = "mood"
NEGATIVE = "negative"
UPSET = "upset"  # the intent by which the rules are told
SURE = 0.8  # below, a message says nothing about the mood
DECAY = 0.6
RUN = 1.5  # two in a row make 1.6
CALM = 0.3  # four others after them
LOOK_BACK = 8  # messages


def mood_events(tracker: DialogueStateTracker) -> list[SlotSet]:
    """What the latest message changes about the slot."""
    if MOOD_SLOT not in tracker.slots:
        return []
    now, before = level(tracker), tracker.get_slot(MOOD_SLOT)
    if before is None and now >= RUN:
        return [SlotSet(MOOD_SLOT, NEGATIVE)]
    if before is not None and now < CALM:
        return [SlotSet(MOOD_SLOT, None)]
    return []


def level(tracker: DialogueStateTracker) -> float:
    """How negative the latest messages were; 0 where nobody has read their sentiment."""
    latest = islice((e for e in reversed(tracker.events) if isinstance(e, UserUttered) and _said(e)), LOOK_BACK)
    return float(sum(DECAY**age for age, event in enumerate(latest) if _is_negative(event)))


def _said(event: UserUttered) -> bool:
    """Whether the customer wrote it: no button, and no part of a message that was said before."""
    return bool((event.parse_data or {}).get("language")) and not (event.metadata or {}).get("second_request")


def _is_negative(event: UserUttered) -> bool:
    found = (event.parse_data or {}).get("sentiment") or {}
    return found.get("name") == NEGATIVE and found.get("confidence", 0.0) >= SURE
