"""A TCP proxy that can fail as networks do: cut, stall, refuse; at a chosen reply.

It sees TLS and understands nothing of it: what it counts are pieces that the server
sent.  Failing after the first, the second, the third ... piece passes through every
moment of a conversation, the one after a write and before its answer too.
"""

import selectors
import socket
import threading
import time

from lab.places import free_port


class Proxy:
    """crowded: nobody gets in before open(); a connection takes a second and more."""

    def __init__(self, port, address="127.0.0.1", crowded=False):
        self.target, self.port = (address, port), free_port()
        self.uri = f"ldaps://127.0.0.1:{self.port}"
        self._lock = threading.Condition()
        self._left = None           # replies that still pass before it fails; None: all
        self._stall = False
        self.failed = False         # whether it has come to that
        self.delay = 0              # seconds that each piece from the server takes
        self._pairs = set()
        self._listener = socket.create_server(("127.0.0.1", self.port),
                                              backlog=0 if crowded else 64)
        self._crowd = []
        if crowded:
            self._fill()
        else:
            self.open()

    def _fill(self):
        """Stand in the queue until it takes no more; whoever comes then asks again a second later."""
        for _ in range(4):
            self._crowd.append(socket.socket())
            self._crowd[-1].setblocking(False)
            self._crowd[-1].connect_ex(("127.0.0.1", self.port))

    def open(self):
        for one in self._crowd:
            one.close()
        threading.Thread(target=self._accept, daemon=True).start()

    def fail_after(self, replies, stall=False):
        """Let so many replies pass, then cut the connection, or hold all that comes."""
        with self._lock:
            self._left, self._stall, self.failed = replies, stall, False

    def heal(self):
        """Let all pass again, also what was held."""
        with self._lock:
            self._left, self._stall = None, False
            self._lock.notify_all()

    def close(self):
        self.heal()
        self._listener.close()
        for one in list(self._pairs):
            one.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
                server = socket.create_connection(self.target)
            except OSError:
                return
            for sock in (client, server):
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._carry, args=(client, server), daemon=True).start()

    def _carry(self, client, server):
        self._pairs |= {client, server}
        waiting = selectors.DefaultSelector()
        waiting.register(client, selectors.EVENT_READ, server)
        waiting.register(server, selectors.EVENT_READ, client)
        try:
            while True:
                for key, _ in waiting.select():
                    data = key.fileobj.recv(65536)
                    if key.fileobj is server:
                        time.sleep(self.delay)
                    if not data or (key.fileobj is server and not self._may_pass()):
                        return
                    key.data.sendall(data)
        except (OSError, ValueError):
            pass
        finally:
            self._pairs -= {client, server}
            client.close()
            server.close()

    def _may_pass(self):
        """Count one reply; hold it while we stall; False: cut."""
        with self._lock:
            if self._left is None:
                return True
            if self._left > 0:
                self._left -= 1
                return True
            self.failed = True
            if not self._stall:
                self._left = None   # one cut; who comes again is served
                return False
            self._lock.wait_for(lambda: not self._stall)
            return True
