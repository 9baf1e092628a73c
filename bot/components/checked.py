"""Configuration of our components: a key that does not exist is an error, which rasa itself would pass over."""

from collections.abc import Mapping
from typing import Any

from rasa.shared.exceptions import InvalidConfigException

# What rasa adds to every component's configuration.
_RASA_KEYS = {"name", "finetuning_epoch_fraction", "random_seed"}


def checked(component: str, config: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """`config` over `defaults`; raises InvalidConfigException for a key that `defaults` does not have."""
    unknown = sorted(set(config) - set(defaults) - _RASA_KEYS)
    if unknown:
        raise InvalidConfigException(
            f"{component} in config.yml has no setting {unknown[0]!r}; it has: {', '.join(sorted(defaults)) or 'none'}."
        )
    return {**defaults, **{k: v for k, v in config.items() if k in defaults}}
