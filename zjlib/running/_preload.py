"""Imported by the fork server, once for all kernels: what every notebook imports."""

import gc
import os
from contextlib import suppress
from importlib import import_module

from zjlib.running.kernels import skip_slow_grammar

skip_slow_grammar()
os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")  # the debugger would warn of what does not concern it
# An import that fails here is left to the notebook that asks for it: it fails there, with its own message.
for _name in (
    "ipykernel.kernelapp",
    "ipykernel.debugger",  # each kernel imports it as it starts: 0.15 s
    "sqlite3",
    "pandas",
    "pyarrow.pandas_compat",
    "zjlib.story",
    "zjlib.checks",
    "zjlib.annotate",
):
    with suppress(ImportError):
        import_module(_name)
# What is here stays: the collector of each fork need not look at it, and so not copy it.
gc.freeze()
