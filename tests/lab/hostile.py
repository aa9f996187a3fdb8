"""Servers that can't be had otherwise: those that take a connection, and then do wrong."""

import socket
import threading

from lab.places import free_address

# A StartTLS response of success: the message with id 1.
STARTTLS_DONE = bytes.fromhex("300c02010178070a010004000400")


class Hostile:
    """Listens on a port; says ${first} to whoever has spoken, and nothing ever after.

    first:    bytes, or none: then it is silent from the start
    datagram: a service without connections
    """

    def __init__(self, first=b"", port=0, datagram=False):
        self.address = free_address()
        self._first, self._kept = first, []
        self._sock = socket.socket(socket.AF_INET,
                                   socket.SOCK_DGRAM if datagram else socket.SOCK_STREAM)
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._sock.bind((self.address, port))
        self.port = self._sock.getsockname()[1]
        if not datagram:
            self._sock.listen(64)
            threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self._sock.accept()
            except OSError:
                return
            self._kept.append(client)
            threading.Thread(target=self._speak, args=(client,), daemon=True).start()

    def _speak(self, client):
        try:
            if client.recv(4096) and self._first:
                client.sendall(self._first)
        except OSError:
            pass

    @property
    def visits(self):
        """How many have come."""
        return len(self._kept)

    def close(self):
        self._sock.close()
        for client in self._kept:
            client.close()
