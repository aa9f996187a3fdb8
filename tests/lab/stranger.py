"""Somebody who speaks to the portal in bytes: what was said, what came back, and the end."""

import re
import socket
import ssl


class Stranger:
    """One connection; ${source} is the address that it comes from.

    tls: a context, to speak TLS from the start.
    """

    def __init__(self, port, source="127.0.0.1", tls=None, seconds=15):
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=seconds,
                                             source_address=(source, 0))
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls is not None:
            self.sock = tls.wrap_socket(self.sock, server_hostname="localhost")
        self.heard = b""

    def say(self, data):
        """Send it, as far as the other side still listens."""
        try:
            self.sock.sendall(data)
        except OSError:
            pass
        return self

    def hear_out(self):
        """All that comes until the other side ends; TimeoutError if it does not."""
        try:
            while data := self.sock.recv(65536):
                self.heard += data
        except (ConnectionResetError, ssl.SSLEOFError, ssl.SSLZeroReturnError):
            pass
        return self

    @property
    def statuses(self):
        """Of each answer that came, in their order; no body of ours looks like one."""
        return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", self.heard)]

    def close(self):
        self.sock.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
