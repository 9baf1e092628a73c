"""What a conversation's events come to, kept from one prediction to the next.

Stock rasa replays every event of the conversation for each prediction (three times, in RulePolicy twice) and for each
action that runs, a quarter of a server's time after ten turns, and more with every turn. Here a tracker keeps what the
events so far have come to and goes on from there. A loop that runs again takes back what was said since it ran before;
the dialogue is known up to there. A tracker whose events did not only grow, or with reverts among them, is read as
before.
"""

from __future__ import annotations

import copy
import dataclasses
from collections import deque
from itertools import islice
from typing import Any

from rasa.shared.core.constants import PREVIOUS_ACTION
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    ActiveLoop,
    Event,
    Restarted,
    SessionStarted,
    UserUtteranceReverted,
)
from rasa.shared.core.trackers import AnySlotDict, DialogueStateTracker

State = dict[str, dict[str, Any]]
TAKES_BACK = (ActionReverted, UserUtteranceReverted)
KEPT = "_frontdesk_history"

_stock_copy = DialogueStateTracker.copy
_stock_applied = DialogueStateTracker.applied_events
_stock_states = Domain.states_for_tracker_history


def mend() -> None:
    """Make trackers and domains go on from what is known."""
    DialogueStateTracker.copy = _copy
    DialogueStateTracker.applied_events = _applied_events
    Domain.states_for_tracker_history = _states_for_tracker_history


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """The dialogue before an action, and what rasa asks of it to leave out the turns of rules."""

    state: State
    action: dict[str, Any]
    hidden: bool
    # Neither a follow-up action nor a loop that has just run decides whether a turn is hidden.
    decides: bool
    # Predictions write into the message after it was said.
    message: Any
    uses_text: bool | None
    entities: int

    def holds(self) -> bool:
        """Whether the message is still what it was."""
        message = self.message
        return message is None or (
            message.use_text_for_featurization is self.uses_text and len(message.entities) == self.entities
        )


@dataclasses.dataclass(frozen=True, slots=True)
class Mark:
    """Where a loop last ran: what there was after the first `position` of the applied events."""

    position: int
    prior: DialogueStateTracker
    steps: int


class History:
    """The events of one tracker: replayed, applied, and as the states before each action."""

    def __init__(self, tracker: DialogueStateTracker) -> None:
        self._slots = tracker.slots
        self._fresh = tracker.init_copy()
        self._last: Event | None = None
        self.count = 0
        self._replayed = _duplicate(self._fresh)  # only a copy needs it
        self.applied: list[Event] = []
        self.takes_back = False
        self._loops: set[str] = set()
        self._domain: Domain | None = None
        self._prior = _duplicate(self._fresh)  # `applied`, of which `_stepped` are in `_steps`
        self._stepped = 0
        self._steps: list[Step] = []
        self._now: Step | None = None
        self._mark: Mark | None = None

    def follows(self, tracker: DialogueStateTracker) -> bool:
        """Read what is new; False when the tracker is not the one it was with more events."""
        events = tracker.events
        if tracker.slots is not self._slots or len(events) < self.count:
            return False
        if self.count and events[self.count - 1] is not self._last:
            return False
        if len(events) > self.count:
            for event in islice(events, self.count, None):
                self._read(event)
            self.count, self._last = len(events), events[-1]
        return True

    def replayed(self, tracker: DialogueStateTracker) -> DialogueStateTracker:
        """A tracker to which every event was applied, not to be written into."""
        for event in islice(tracker.events, len(self._replayed.events), None):
            self._replayed.update(event)
        return self._replayed

    def _read(self, event: Event) -> None:
        if isinstance(event, Restarted | SessionStarted):
            self.applied = []
            self._forget_steps()
        elif isinstance(event, TAKES_BACK):
            self.takes_back = True
        elif self._runs_again(event):
            self._take_back(event.action_name)
        else:
            self._learn_loop(event)
            self.applied.append(event)

    def _learn_loop(self, event: Event) -> None:
        if not isinstance(event, ActiveLoop) or not event.name or event.name in self._loops:
            return
        self._loops.add(event.name)
        # Rasa would now read the times that it ran before otherwise than it did until now.
        runs = [e for e in self.applied if isinstance(e, ActionExecuted) and e.action_name == event.name]
        self.takes_back = self.takes_back or len(runs) > 1

    def _runs_again(self, event: Event) -> bool:
        return (
            isinstance(event, ActionExecuted)
            and event.action_name in self._loops
            and not self._fresh._first_loop_execution_or_unhappy_path(event.action_name, self.applied)
        )

    def _take_back(self, loop: str) -> None:
        """Leave out what was said and done since `loop` ran before; the events between (slots, say) stay."""
        before = list(self.applied)
        self._fresh._undo_till_previous_loop_execution(loop, self.applied)
        pairs = enumerate(zip(before, self.applied, strict=False))
        same = next((n for n, (old, new) in pairs if old is not new), len(self.applied))
        if self._stepped <= same:
            return
        mark = self._mark
        if mark is None or mark.position > same:
            self._forget_steps()
            return
        self._prior, self._stepped, self._now = _duplicate(mark.prior), mark.position, None
        del self._steps[mark.steps :]

    def _forget_steps(self) -> None:
        self._prior, self._stepped, self._steps, self._now = _duplicate(self._fresh), 0, [], None
        self._mark = None

    def steps(self, domain: Domain) -> list[Step]:
        """The dialogue before each action that was taken, and as it is now."""
        changed = not all(step.holds() for step in self._steps)
        if changed or domain is not self._domain:
            self._domain = domain
            self._forget_steps()
        for position, event in enumerate(islice(self.applied, self._stepped, None), self._stepped + 1):
            if isinstance(event, ActionExecuted):
                self._steps.append(self._step(domain, event.hide_rule_turn))
            self._prior.update(event)
            self._now = None
            if isinstance(event, ActionExecuted) and event.action_name in self._loops:
                self._mark = Mark(position, _duplicate(self._prior), len(self._steps))
        self._stepped = len(self.applied)
        if self._now is None or not self._now.holds():
            self._now = self._step(domain, False)
        return [*self._steps, self._now]

    def _step(self, domain: Domain, hidden: bool) -> Step:
        prior = self._prior
        message = prior.latest_message
        return Step(
            state=domain.get_active_state(prior),
            action=prior.latest_action,
            hidden=hidden,
            decides=not prior.followup_action and prior.latest_action_name != prior.active_loop_name,
            message=message,
            uses_text=message.use_text_for_featurization if message else None,
            entities=len(message.entities) if message else 0,
        )


def history_of(tracker: DialogueStateTracker) -> History | None:
    """The history that `tracker` keeps, up to date; None for one that rasa itself has to read."""
    if (
        type(tracker) is not DialogueStateTracker
        or tracker._max_event_history is not None
        or isinstance(tracker.slots, AnySlotDict)
    ):
        return None
    kept: History | None = tracker.__dict__.get(KEPT)
    if kept is None or not kept.follows(tracker):
        kept = History(tracker)
        kept.follows(tracker)
        tracker.__dict__[KEPT] = kept
    return kept


def _duplicate(tracker: DialogueStateTracker) -> DialogueStateTracker:
    """The same tracker again, its state taken over instead of found by replaying."""
    made = DialogueStateTracker.__new__(DialogueStateTracker)
    made.__dict__.update(tracker.__dict__)
    made.__dict__.pop(KEPT, None)
    made.events = deque(tracker.events)
    made.slots = {name: copy.copy(slot) for name, slot in tracker.slots.items()}
    made.active_loop = copy.copy(tracker.active_loop)
    return made


def _copy(self: DialogueStateTracker) -> DialogueStateTracker:
    history = history_of(self)
    return _duplicate(history.replayed(self)) if history else _stock_copy(self)


def _applied_events(self: DialogueStateTracker) -> list[Event]:
    history = history_of(self)
    return list(history.applied) if history and not history.takes_back else _stock_applied(self)


def _states_for_tracker_history(
    self: Domain,
    tracker: DialogueStateTracker,
    omit_unset_slots: bool = False,
    ignore_rule_only_turns: bool = False,
    rule_only_data: dict[str, Any] | None = None,
) -> list[State]:
    history = None if omit_unset_slots else history_of(tracker)
    if history is None or history.takes_back:
        return _stock_states(self, tracker, omit_unset_slots, ignore_rule_only_turns, rule_only_data)
    steps = history.steps(self)
    # Policies write into the states that they get.
    if not ignore_rule_only_turns:
        return [{kind: dict(part) for kind, part in step.state.items()} for step in steps]
    return _without_rules(self, steps, rule_only_data)


def _without_rules(domain: Domain, steps: list[Step], rule_only_data: dict[str, Any] | None) -> list[State]:
    """The part of rasa's own loop that leaves out what only rules have done."""
    states: list[State] = []
    action = None
    hidden = False
    for step in steps:
        if not hidden:
            action = step.action
        if step.decides:
            hidden = step.hidden
        if hidden:
            continue
        state = {kind: dict(part) for kind, part in step.state.items()}
        domain._remove_rule_only_features(state, rule_only_data)
        if states:
            domain._substitute_rule_only_user_input(state, states[-1])
        if action:
            state[PREVIOUS_ACTION] = dict(action)
        states.append(domain._clean_state(state))
    return states
