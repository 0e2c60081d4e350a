"""What all of our errors are: each names file, place and value, and ends a command with its exit status."""

INVALID, BUSY = 2, 3


class ZjlibError(Exception):
    """What a user can mend, told in a sentence; a command ends with `status` and no traceback."""

    status = INVALID
