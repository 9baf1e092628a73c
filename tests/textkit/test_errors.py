import pytest

from textkit.errors import DocumentError, FrontdeskError, MissingArtefactError, SettingError


@pytest.mark.parametrize("kind", [DocumentError, MissingArtefactError, SettingError])
def test_an_error_says_what_is_wrong_and_what_to_do(kind):
    error = kind("There is no index.", "Run `frontdesk ingest`.")
    assert isinstance(error, FrontdeskError)
    assert (error.message, error.hint) == ("There is no index.", "Run `frontdesk ingest`.")
    assert str(error) == "There is no index. Run `frontdesk ingest`."


def test_an_error_without_a_hint_ends_cleanly():
    assert str(FrontdeskError("It broke.")) == "It broke."
