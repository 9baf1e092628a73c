"""The action server's answers, validated without re-checking the schema each time.

Stock rasa calls `jsonschema.validate` for every custom action, which checks the meta-schema again: three quarters
of a rule-only server's CPU time. The schema never changes, so the validator is built once. An event is compared with
the schema of its own type, which names it, instead of with those of all types; only an answer that fails is read
again by the whole schema, for the error that it gives.
"""

from functools import cache
from typing import Any

from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.shared.constants import DOCS_BASE_URL
from rasa.shared.utils.schemas.events import EVENT_SCHEMA


def mend() -> None:
    """Make remote actions use one validator for all answers."""
    RemoteAction._validate_action_result = _validate_action_result


@cache
def _validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


@cache
def _event_validators() -> dict[str, Any]:
    """For each type of event its own part of the schema; no two have the same `const`, so one alone can match."""
    kind = validator_for(EVENT_SCHEMA)
    common = {key: value for key, value in EVENT_SCHEMA.items() if key != "oneOf"}
    parts = {part["properties"]["event"]["const"]: part for part in EVENT_SCHEMA["oneOf"]}
    if len(parts) != len(EVENT_SCHEMA["oneOf"]):
        return {}
    return {name: kind({**common, "allOf": [part]}) for name, part in parts.items()}


def _is_valid(result: Any) -> bool:
    """Whether `result` is surely valid."""
    if not isinstance(result, dict):
        return False
    events, responses = result.get("events", []), result.get("responses", [])
    if not isinstance(events, list) or not isinstance(responses, list):
        return False
    return all(isinstance(response, dict) for response in responses) and all(_is_event(event) for event in events)


def _is_event(event: Any) -> bool:
    name = event.get("event") if isinstance(event, dict) else None
    if not isinstance(name, str):
        return False
    if name == "slot" and _is_plain_slot(event):
        return True
    validator = _event_validators().get(name)
    return validator is not None and bool(validator.is_valid(event))


def _is_plain_slot(event: dict[str, Any]) -> bool:
    """The event that actions answer with most, by hand."""
    return (
        isinstance(event.get("name"), str)
        and "value" in event
        and event.get("timestamp") is None
        and event.get("metadata") is None
    )


def _validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
    error = None if _is_valid(result) else best_match(_validator().iter_errors(result))
    if error is not None:
        error.message += (
            f". Failed to validate Action server response from API, make sure your response from the Action endpoint "
            f"is valid. For more information about the format visit {DOCS_BASE_URL}/custom-actions"
        )
        raise error
    return True
