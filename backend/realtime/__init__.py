"""Rooms: joining and leaving them, and the relay that carries the log into them."""
