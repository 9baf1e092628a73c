"""RulePolicy looks only at rules that can apply.

Stock rasa compares every rule with the state before an action, goes on through the whole conversation when each rule
has long been read to its end, and packs all states into a key that it needs only when no rule applies to the intent.
"""

from __future__ import annotations

from typing import Any

from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.shared.core.constants import ACTION_LISTEN_NAME, PREVIOUS_ACTION, SHOULD_NOT_BE_SET
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME

State = dict[str, dict[str, Any]]
Lookup = dict[str, str]
_stock_find = RulePolicy._find_action_from_rules
_stock_keys = RulePolicy._get_possible_keys


def mend() -> None:
    """Make RulePolicy find rules by the action before them."""
    RulePolicy._find_action_from_rules = _find_action_from_rules
    RulePolicy._get_possible_keys = _get_possible_keys


class _Table:
    """A lookup's rules by the action that stands last in them, and the length of the longest one."""

    def __init__(self, policy: RulePolicy, lookup: Lookup) -> None:
        self.lookup = lookup
        self.size = len(lookup)
        self.longest = 1
        self._by_action: dict[Any, Lookup] = {}
        for key, action in lookup.items():
            states = policy._rule_key_to_state(key)
            self.longest = max(self.longest, len(states))
            before = (states[-1].get(PREVIOUS_ACTION) or {}).get(ACTION_NAME) if states else None
            named = before if before and before != SHOULD_NOT_BE_SET else None
            self._by_action.setdefault(named, {})[key] = action

    def candidates(self, action: Any) -> Lookup:
        """Rules whose last state follows `action`, and those whose last state does not say."""
        return {**self._by_action.get(None, {}), **self._by_action.get(action, {})}


def _table(policy: RulePolicy, lookup: Lookup) -> _Table:
    tables: dict[int, _Table] = policy.__dict__.setdefault("_frontdesk_tables", {})
    table = tables.get(id(lookup))
    if table is None or table.lookup is not lookup or table.size != len(lookup):
        table = tables[id(lookup)] = _Table(policy, lookup)
    return table


def _get_possible_keys(self: RulePolicy, lookup: Lookup, states: list[State]) -> set[str]:
    if not states:
        return set(_stock_keys(self, lookup, states))
    table = _table(self, lookup)
    last = (states[-1].get(PREVIOUS_ACTION) or {}).get(ACTION_NAME)
    return set(_stock_keys(self, table.candidates(last), states[-table.longest :]))


def _find_action_from_rules(
    self: RulePolicy, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
) -> tuple[str | None, str | None, bool]:
    if tracker.active_loop_name:
        found: tuple[str | None, str | None, bool] = _stock_find(self, tracker, domain, use_text_for_last_user_input)
        return found
    if use_text_for_last_user_input and tracker.latest_action_name != ACTION_LISTEN_NAME:
        return None, None, False
    states = self._prediction_states(
        tracker, domain, use_text_for_last_user_input, rule_only_data=self._get_rule_only_data()
    )
    keys = self._get_possible_keys(self.lookup[RULES], states)
    best = max(keys, key=len) if keys else ""
    action = self.lookup[RULES].get(best) if best else None
    # Nobody asks for the source of a text that no rule applies to.
    return action, best or ("" if use_text_for_last_user_input else self._create_feature_key(states)), False
