"""What a message gives to show who the customer is."""

from __future__ import annotations

from actions.orders.turn import Turn
from actions.orders.verification import verify


def try_contact(turn: Turn, *, asked: bool) -> bool:
    """Check what the message gives to show who the customer is; False when it gives nothing, or need not."""
    s, number = turn.s, turn.s.get("order_number")
    contact = turn.message.contact(asked=asked)
    if not turn.task.verified or contact is None or turn.identified():
        return False
    if number is None:
        s.tell("contact_without_order")
        return True
    verdict = verify(s.session, s.origin, number, contact, f"{turn.key}:verify" if turn.key else None)
    if verdict == "verified":
        turn.identified()
    elif verdict == "blocked":
        turn.end("limit", "verify_blocked", person=True)
    else:
        s.tell("verify_wrong" if verdict == "wrong" else "verify_email")
        turn.says_what_to_send = True
    return True
