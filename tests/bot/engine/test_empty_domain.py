from rasa.shared.core.domain import Domain

from bot.engine import empty_domain

FULL = Domain.from_yaml('version: "3.1"\nintents: [greet]')


def test_it_says_what_rasa_says():
    assert Domain.empty().is_empty() is empty_domain._stock(Domain.empty()) is True
    for _ in range(2):
        assert FULL.is_empty() is empty_domain._stock(FULL) is False


def test_it_is_asked_once(monkeypatch):
    FULL.is_empty()
    monkeypatch.setattr(empty_domain, "_stock", lambda domain: 1 / 0)
    assert not FULL.is_empty()


def test_an_empty_domain_may_be_filled():
    domain = Domain.empty()
    assert domain.is_empty()
    assert not domain.merge(FULL).is_empty()
