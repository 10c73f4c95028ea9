"""The shape of what comes in and goes out: marshmallow schemas, no query and no request."""
