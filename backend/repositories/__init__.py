"""Where state lives: one narrow database port, implemented twice, and everything with meaning above it."""
