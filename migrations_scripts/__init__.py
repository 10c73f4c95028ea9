"""Scripts that bring old data into Dayroom."""
