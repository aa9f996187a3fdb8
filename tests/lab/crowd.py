"""Many connections at once, kept up: whoever is sent away comes again at once."""

import errno
import ipaddress
import random
import resource
import select
import socket
import threading
import time

from lab.places import ADDRESSES

SPARE_FILES = 500
SMALL_WINDOW = 4096
IP_BIND_ADDRESS_NO_PORT = 24


def addresses(n):
    """So many addresses of our own net."""
    net = ipaddress.ip_network(ADDRESSES)
    return [str(net[i]) for i in random.sample(range(1, net.num_addresses - 1), n)]


def may_open(files):
    """Raise what this process, and what it starts from now on, may open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    need = files + SPARE_FILES
    if soft < need:
        resource.setrlimit(resource.RLIMIT_NOFILE, (need, max(hard, need)))


class Crowd:
    """${n} connections to ${port}, from these addresses in turn.

    first:   what each says when it comes in
    trickle: what each then says, a byte a second
    reads:   whether it takes the answers
    """

    def __init__(self, port, n, sources, first=b"", trickle=b"", reads=True):
        self._port, self._sources = port, sources
        self._first, self._trickle, self._reads = first, trickle, reads
        self._waiting, self._over = select.epoll(), threading.Event()
        self._sockets, self._said = {}, {}
        self.opened = self.sent_away = 0
        for _ in range(n):
            self._come()
        self._thread = threading.Thread(target=self._keep_up, daemon=True)
        self._thread.start()

    @property
    def inside(self):
        return len(self._sockets)

    def _come(self):
        sock = socket.socket()
        sock.setblocking(False)
        if not self._reads:
            # Else the kernel holds megabytes of answers for each.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_WINDOW)
        # The kernel then has as many ports for each pair of addresses as there are ports.
        sock.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
        sock.bind((self._sources[self.opened % len(self._sources)], 0))
        if sock.connect_ex(("127.0.0.1", self._port)) not in (0, errno.EINPROGRESS):
            raise OSError("the crowd can't come in")
        self.opened += 1
        self._sockets[sock.fileno()] = sock
        self._waiting.register(sock, select.EPOLLOUT)

    def _greet(self, sock):
        self._waiting.modify(sock, select.EPOLLRDHUP | (select.EPOLLIN if self._reads else 0))
        try:
            sock.send(self._first)
        except OSError:
            return
        if self._trickle:
            self._said[sock] = 0

    def _leave(self, sock):
        del self._sockets[sock.fileno()]
        self._said.pop(sock, None)
        sock.close()

    @staticmethod
    def _is_over(sock, what):
        if what & (select.EPOLLRDHUP | select.EPOLLHUP | select.EPOLLERR):
            return True
        try:
            return not sock.recv(65536)
        except OSError as why:
            return why.errno != errno.EAGAIN

    def _keep_up(self):
        next_byte = time.monotonic() + 1
        while not self._over.is_set():
            for number, what in self._waiting.poll(0.05):
                sock = self._sockets[number]
                if what & select.EPOLLOUT:
                    self._greet(sock)
                elif self._is_over(sock, what):
                    self._leave(sock)
                    self.sent_away += 1
                    self._come()
            if time.monotonic() >= next_byte:
                next_byte += 1
                self._say_a_byte()

    def _say_a_byte(self):
        for sock, said in list(self._said.items()):
            try:
                sock.send(self._trickle[said:said + 1])
            except OSError:
                pass
            self._said[sock] = (said + 1) % len(self._trickle)

    def disperse(self):
        self._over.set()
        self._thread.join()
        for sock in list(self._sockets.values()):
            self._leave(sock)
        self._waiting.close()
