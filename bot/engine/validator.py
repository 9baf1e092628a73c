"""The action server's answers, validated without re-checking the schema each time.

Stock rasa calls `jsonschema.validate` for every custom action, which checks the meta-schema again: three quarters
of a rule-only server's CPU time. The schema never changes, so the validator is built once.
"""

from functools import cache
from typing import Any

from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.shared.constants import DOCS_BASE_URL


def mend() -> None:
    """Make remote actions use one validator for all answers."""
    RemoteAction._validate_action_result = _validate_action_result


@cache
def _validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def _validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
    error = best_match(_validator().iter_errors(result))
    if error is not None:
        error.message += (
            f". Failed to validate Action server response from API, make sure your response from the Action endpoint "
            f"is valid. For more information about the format visit {DOCS_BASE_URL}/custom-actions"
        )
        raise error
    return True
