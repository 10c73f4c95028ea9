"""The migration of files: where they are (`sources`), how they are brought (`carrier`), and what is told of it."""
