"""REST: schema in, schema out, one call of a service."""
