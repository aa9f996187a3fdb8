"""A town of thousands: its people have a bank of telephones in place of gateway and phone."""

from lab import people
from lab.bank import Bank
from lab.town import Town

# Pages show the last two digits of a number: here they are the same for all.
ENDING = 77


def citizen(n, **more):
    """Known to a city of more than ${n} people; else nobody, with a telephone."""
    return people.nth(n, **{"mobile": f"+3163{n:05}{ENDING}", **more})


class City(Town):
    """With these citizens, besides the cast of every town."""

    def __init__(self, folder, citizens, change=None):
        self.citizens = citizens
        self.bank = Bank(folder)
        super().__init__(folder, {"courier.gateways": [self.bank.gateway()], **(change or {})},
                         cast=people.cast() + citizens, sync=False)

    def start(self):
        self.directory.start()
        self.bank.start()
        self.house.start()
        return self

    def stop(self):
        self.house.stop()
        self.bank.stop()
        self.directory.stop()
