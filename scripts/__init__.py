"""What ./dev is made of. Runs before any package is installed: the standard library of Python 3.11 only."""
