"""`tests/bot/conftest.py` has put the stand-ins in place."""

import pytest
import tensorflow as tf
import tensorflow.keras.utils
from rasa.shared.exceptions import RasaException
from tensorflow.keras.callbacks import Callback

from bot.engine.errors import TensorFlowAbsentError


def test_any_name_can_be_imported_and_subclassed():
    class Logger(Callback, tensorflow.keras.utils.Sequence):
        pass

    assert issubclass(Logger, Callback)
    assert not isinstance([1.0], tf.Tensor | tf.data.Dataset)


def test_a_decorated_function_stays_itself():
    def double(value: int) -> int:
        return 2 * value

    assert tf.function(double) is double


def test_nothing_is_a_tensor():
    assert tf.is_tensor([1.0]) is False


def test_modules_have_no_invented_metadata():
    with pytest.raises(AttributeError):
        tf.__version__  # noqa: B018


@pytest.mark.parametrize(
    "use", [lambda: tf.constant(1), lambda: tf.keras.layers.Dense(3, name="x"), lambda: Callback()]
)
def test_a_use_says_what_to_install(use):
    with pytest.raises(TensorFlowAbsentError, match=r"needs TensorFlow, .*: pip install rasa==3\.6\.21") as error:
        use()
    assert isinstance(error.value, RasaException)
