"""Starts and stops what tests talk to: DynamoDB Local, Chromium, servers on free ports."""
