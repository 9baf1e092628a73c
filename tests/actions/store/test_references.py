import random
import re

from actions.store.references import ALPHABET, order_number, ticket_reference


def test_no_letter_is_taken_for_another():
    assert len(set(ALPHABET)) == 32
    assert not set("0O1I") & set(ALPHABET)


def test_numbers_have_the_shop_s_form():
    assert re.fullmatch(r"LE-[A-Z2-9]{4}-[A-Z2-9]{4}", order_number())
    assert re.fullmatch(r"T-[A-Z2-9]{6}", ticket_reference())


def test_a_seeded_choice_repeats_itself():
    assert order_number(random.Random(1).choice) == order_number(random.Random(1).choice)
