"""Commands for operators: `python -m backend COMMAND`."""
