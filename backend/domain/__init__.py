"""Pure meaning without I/O: what departments, events, times, changes and errors are."""
