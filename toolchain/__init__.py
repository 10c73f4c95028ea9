"""The standard-library-only code behind dev.py: it prepares what runs and tests Dayroom."""
