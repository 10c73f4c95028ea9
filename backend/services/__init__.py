"""Use cases: authorise, decide, commit."""
