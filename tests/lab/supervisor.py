"""What a supervisor hears: the socket that programs notify, and who said what."""

import os
import queue
import socket
import struct
import threading
import time

_CREDENTIALS = struct.Struct("iII")


class Supervisor:
    """A notify socket.  .env is what a program needs to find it."""

    def __init__(self, patience=None):
        self.patience = patience        # seconds of the watchdog
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self.socket.bind(f"\0latchkey-lab-{os.getpid()}-{id(self)}")
        self._said = queue.Queue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self.env = {"NOTIFY_SOCKET": "@" + self.socket.getsockname()[1:].decode()}
        if patience:
            self.env["WATCHDOG_USEC"] = str(int(patience * 1e6))

    def _listen(self):
        """All the time: who tells something may have to wait until it is heard."""
        while True:
            text, more, _, _ = self.socket.recvmsg(4096, socket.CMSG_SPACE(_CREDENTIALS.size))
            if not text:
                break
            self._said.put((_CREDENTIALS.unpack(more[0][2][:_CREDENTIALS.size])[0], text.decode()))

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self._listener.join()
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def start(self, house):
        """Start a house whose programs all tell this supervisor; return it."""
        for child in house.programs.values():
            child.env = {**(child.env or {}), **self.env}
        return house.start()

    def hear(self, seconds):
        """The next (pid, text), or None if nothing is said for so long."""
        try:
            return self._said.get(seconds > 0, seconds or None)
        except queue.Empty:
            return None

    def wait(self, pid, word, seconds=10):
        """Wait until a process says a word; return all that it said with it."""
        end = time.monotonic() + seconds
        while True:
            heard = self.hear(max(0, end - time.monotonic()))
            if heard is None:
                raise TimeoutError(f"{pid} did not say {word} in {seconds} s")
            if heard[0] == pid and word in heard[1]:
                return heard[1]

    def starves(self, pid):
        """Did a process let a whole patience go by without a word, as a supervisor counts?"""
        while self.hear(0):             # what was said before
            pass
        end = time.monotonic() + self.patience
        while (left := end - time.monotonic()) > 0:
            heard = self.hear(left)
            if heard and heard[0] == pid and "WATCHDOG=1" in heard[1]:
                return False
        return True
