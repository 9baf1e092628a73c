"""Who the customer of a conversation has shown to be."""

from __future__ import annotations

from actions.orders.situation import Situation
from actions.orders.verification import proof_of
from actions.store.models import Customer, Order


def identify(situation: Situation) -> bool:
    """Load the customer that the conversation has proof of, and their order if one is named; whether both are theirs.

    An order of somebody else, or one that does not exist, is treated as if there were no proof.
    """
    s = situation
    s.customer = s.order = None
    proof = proof_of(s.session, s.origin.conversation_id)
    if proof is None:
        return False
    number = s.get("order_number")
    if number is not None:
        order = s.session.get(Order, number)
        if order is None or order.customer_id != proof.customer_id:
            return False
        s.order = order
    s.customer = s.session.get(Customer, proof.customer_id)
    return s.customer is not None
