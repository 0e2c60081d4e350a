"""`python -m zjlib` is the command `zjlib`."""

from zjlib.cli import main

main()
