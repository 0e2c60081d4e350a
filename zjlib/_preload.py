"""Imported by the fork server, once for all kernels: what every notebook imports."""

from contextlib import suppress
from importlib import import_module

from zjlib.kernels import skip_slow_grammar

skip_slow_grammar()
# An import that fails here is left to the notebook that asks for it: it fails there, with its own message.
for _name in ("ipykernel.kernelapp", "pandas", "plotly.graph_objects", "zjlib.story", "zjlib.checks"):
    with suppress(ImportError):
        import_module(_name)
