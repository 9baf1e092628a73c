"""The project's own errors: one sentence on what is wrong, one on what to do."""


class FrontdeskError(Exception):
    """An error that a person can act on.

    `message` names the thing that is wrong, `hint` the command or change that mends it; both are shown at the edge.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(f"{message} {hint}".strip())
        self.message = message
        self.hint = hint


class SettingError(FrontdeskError):
    """A setting that is missing or has a value of the wrong form."""


class MissingArtefactError(FrontdeskError):
    """A model, index or database that has to be made first."""


class DocumentError(FrontdeskError):
    """A document that cannot be read."""
