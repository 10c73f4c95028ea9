"""A line to a server that counts what passes through it, in both directions."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

CHUNK = 256 * 1024


class Meter:
    """Accepts connections, leads each on to the server, and counts bytes."""

    def __init__(self, listener: socket.socket, host: str, port: int) -> None:
        self.passed = 0
        """Bytes that passed so far."""
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self._listener = listener
        self._target = (host, port)
        self._counting = threading.Lock()

    def accept(self) -> None:
        """Serve until the listener is closed."""
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError), socket.create_connection(self._target, timeout=10) as server:
            server.settimeout(None)
            back = threading.Thread(target=self._carry, args=(server, client), daemon=True)
            back.start()
            self._carry(client, server)
            back.join()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        """Carry bytes on until one side ends; then tell the other side."""
        with suppress(OSError):
            while chunk := source.recv(CHUNK):
                with self._counting:
                    self.passed += len(chunk)
                sink.sendall(chunk)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)


@contextmanager
def metered(host: str, port: int) -> Iterator[Meter]:
    """Yield a line to a server; the server may come later."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        meter = Meter(listener, host, port)
        threading.Thread(target=meter.accept, daemon=True).start()
        yield meter
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)  # lets go of accept()
