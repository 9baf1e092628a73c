"""The one call that makes this process ready to import rasa."""

import os
import warnings

from bot.engine.absent import stand_in_for_tensorflow
from bot.engine.deferred import deferred

RASA_VERSION = "3.6.21"


def prepare(*, customers: bool = True) -> None:
    """Stand in for TensorFlow, switch telemetry off and mend rasa; call it before the first `import rasa`.

    With `customers`, a `/intent` message counts only when the bot offered it as a button; a developer may type it.
    Raises RuntimeError when another version of rasa is installed: the mends are written against one.
    """
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    os.environ.setdefault("MPLBACKEND", "agg")
    stand_in_for_tensorflow()
    with warnings.catch_warnings(), deferred():
        # Deprecations inside rasa and its pinned dependencies, which no one will mend any more.
        warnings.simplefilter("ignore")
        import rasa.version
        import sanic  # noqa: F401

        # Sanic turns deprecations on again while it is imported.
        warnings.simplefilter("ignore")

        if rasa.version.__version__ != RASA_VERSION:
            raise RuntimeError(f"bot/engine mends rasa {RASA_VERSION}, but {rasa.version.__version__} is installed.")
        # All of rasa that a server or a training runs: what is imported later finds no placeholders.
        import rasa.__main__
        import rasa.core.run
        import rasa.core.train
        import rasa.engine.recipes.default_components
        import rasa.model_training
        import rasa.server  # noqa: F401

        from bot.engine import (
            action_call,
            empty_domain,
            event_types,
            graph_runner,
            history,
            plain_text,
            processor,
            quiet_debug,
            root_page,
            rule_lookup,
            sanic_websocket,
            settled,
            socketio_room,
            store_errors,
            validator,
        )

    sanic_websocket.mend()
    socketio_room.mend()
    validator.mend()
    event_types.mend()
    graph_runner.mend()
    history.mend()
    rule_lookup.mend()
    quiet_debug.mend()
    empty_domain.mend()
    store_errors.mend()
    action_call.mend()
    plain_text.mend()
    processor.mend(trusts_payloads=not customers)
    root_page.mend()
    settled.mend()
