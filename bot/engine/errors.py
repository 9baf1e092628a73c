"""Errors that rasa's command line prints as one sentence."""

from rasa.shared.exceptions import RasaException


class TensorFlowAbsentError(RasaException):
    """A component tried to use TensorFlow.

    A RasaException, because rasa buries any other error of a component: `rasa train` in a traceback of a hundred
    lines, `rasa run` under "Error initializing graph component".
    """
