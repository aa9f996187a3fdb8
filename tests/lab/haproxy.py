"""A real HAProxy in front of a portal."""

import os

from lab.child import Child, listens
from lab.crowd import addresses
from lab.places import free_port, tool

SETTINGS = """
global
    log stderr local0
defaults
    log global
    mode {mode}
    option log-health-checks
    timeout connect 5s
    timeout client 30s
    timeout server 30s
frontend people
    bind 127.0.0.1:{port}
    default_backend portal
backend portal
    source {address}
    {more}
    server portal 127.0.0.1:{portal} check inter 200 {server}
"""


class Haproxy:
    """Reaches the portal from .address; people reach it at .port."""

    def __init__(self, folder):
        self._conf, self._log = (os.path.join(folder, f"haproxy.{end}") for end in ("conf", "log"))
        self.port, self.address = free_port(), addresses(1)[0]
        self._child = None

    def start(self, house, mode="tcp", more="", server=""):
        """more: lines of the backend; server: words of its server."""
        with open(self._conf, "w", encoding="ascii") as out:
            out.write(SETTINGS.format(mode=mode, port=self.port, address=self.address,
                                      more=more, portal=house.port, server=server))
        self._child = Child("haproxy", [tool("haproxy"), "-db", "-f", self._conf], self._log)
        self._child.start().wait_ready(lambda: listens(self.port))

    def found_it_well(self):
        """Whether it has looked at the portal, and found that it lives."""
        return "succeeded" in self._child.output()

    def stop(self):
        if self._child is not None:
            self._child.stop()
