"""What goes on behind the answers, and when it is over."""

import struct

from lab.child import until
from lab.wire import Peer

STILL = 20          # looks at a bank of telephones in a row, without a message between them


class Background:
    """Of one house, as keeper tells an admin's command."""

    def __init__(self, house):
        self._control = Peer(house.socket("control"), "control")

    def is_idle(self):
        """Nothing is asked for any flow, and no worker of registrar has a question."""
        _, _, body = self._control.ask("STATUS")
        _, _, _, errands, _, busy, queued = struct.unpack_from(">BBIIIII", body)
        return errands == busy == queued == 0

    def settle(self, bank, seconds=120):
        """Wait until no more messages come to a bank; return its counts."""
        seen = []

        def is_still():
            seen.append((self.is_idle(), bank.counts()))
            return len(seen) > STILL and all(
                idle and counts == seen[-1][1] for idle, counts in seen[-STILL:])

        until(is_still, seconds, "the last of the messages")
        return seen[-1][1]

    def close(self):
        self._control.close()
