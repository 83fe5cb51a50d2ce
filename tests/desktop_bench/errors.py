"""What can go wrong with the bench itself, as opposed to the program under test."""


class BenchError(Exception):
    """The bench could not do what it was asked to."""


class MissingPartError(BenchError):
    """A desktop part is not installed; the message names its Debian package."""


class WaitTimeoutError(BenchError):
    """Something that was waited for did not happen in time."""
