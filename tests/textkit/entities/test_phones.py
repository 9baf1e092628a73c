import pytest

from textkit.entities.phones import find_phones


@pytest.mark.parametrize("text", ["+1 202 555 0143", "call +1-743-438-6774", "+33 1 23 45 67 89", "+ (1234567)"])
def test_a_number_of_another_country_is_looked_at_once(text):
    """The search took groups off the end until the plus was left, and then went on for ever."""
    assert find_phones(text, chinese=False) == []


def test_a_number_behind_one_of_another_country_is_found():
    (found,) = find_phones("+44 20 7946 0958 or +1 202 555 0143", chinese=False)
    assert found.value == "+442079460958"
