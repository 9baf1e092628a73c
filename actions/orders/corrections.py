"""A message that says something else than was said before in the same task."""

from __future__ import annotations

from actions.orders.turn import Turn


def corrects_something(turn: Turn) -> bool:
    """Whether the message says another thing than what it could be agreeing to."""
    return any(value != turn.s.get(slot) for slot, value in _said_of_earlier(turn))


def _said_of_earlier(turn: Turn) -> list[tuple[str, str]]:
    s = turn.s
    if s.order is None and turn.task.about_order:
        return []
    slots = [slot for slot in turn.task.wants(s) if s.get(slot) is not None and slot not in ("opened", "used")]
    found = []
    for slot in slots:
        if slot in ("description", "new_address", "invoice_title"):
            continue  # anything would be read as these
        value = turn.task.read(s, slot, turn.message)
        if value is not None:
            found.append((slot, value))
    return found


def corrects(turn: Turn) -> bool:
    """Another value for something that was said before, by a correction or by naming an article."""
    s, message = turn.s, turn.message
    if not (message.corrects or message.values("product") or turn.asked == "confirmed"):
        return False
    changed = [(slot, value) for slot, value in _said_of_earlier(turn) if value != s.get(slot)]
    for slot, value in changed:
        s.slots[slot] = value
        if slot == "item":
            s.forget("opened", "used", "variant")
    if changed:
        s.forget("confirmed")
        return True
    return turn.asked == "confirmed" and _says_it_anew(turn)


def _says_it_anew(turn: Turn) -> bool:
    """An address or a description in other words, where nothing but a yes was left to say."""
    s, wanted = turn.s, turn.task.wants(turn.s)
    if "new_address" in wanted:
        address = turn.task.read(s, "new_address", turn.message)
        s.slots["new_address"] = address or s.slots["new_address"]
        return address is not None
    if "description" in wanted and not (turn.message.no or turn.names_another_task()):
        more = turn.task.read(s, "description", turn.message)
        joint = "；" if s.language == "zh" else "; "
        s.slots["description"] = joint.join(filter(None, [s.get("description"), more]))
        return more is not None
    return False
