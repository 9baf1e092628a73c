"""Rasa 3.6.21 on a current Python, without TensorFlow, with its defects mended.

`python -m bot.engine ARGS` is the `rasa` command. `prepare()` is what a program that imports rasa calls first:
it puts stand-ins where rasa imports TensorFlow (`absent.py`), leaves what a bot may never use to be loaded when it is
used (`deferred.py`), and applies the mends (`sanic_websocket.py`,
`socketio_room.py`, `validator.py`, `processor.py`, `plain_text.py`). Each mend names the defect it removes and has a
test that shows it.
"""

from bot.engine.prepare import RASA_VERSION, prepare

__all__ = ["RASA_VERSION", "prepare"]
