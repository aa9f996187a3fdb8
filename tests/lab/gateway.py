"""A private Kannel: a real SMS gateway whose only line is our telephone."""

import contextlib
import os
import secrets

from lab.child import Child, listens
from lab.phone import Phone
from lab.places import free_port, tool

CONFIG = """\
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = {password}
smsbox-port = {box}
smsbox-interface = 127.0.0.1
box-allow-ip = 127.0.0.1
log-file = {folder}/bearerbox.log
log-level = 1
store-type = file
store-location = {folder}/kannel.store
dlr-storage = internal

group = smsc
smsc = fake
smsc-id = TELEPHONE
port = {smsc}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = {box}
sendsms-port = {http}
sendsms-interface = 127.0.0.1
sendsms-chars = "0123456789 +-"
log-file = {folder}/smsbox.log
log-level = 1
access-log = {folder}/access.log

group = sendsms-user
username = latchkey
password = {password}
concatenation = true
max-messages = 3
default-sender = Linde

group = sms-service
keyword = default
text = "no service"
max-messages = 0
"""


class Kannel:
    """bearerbox and smsbox.  A fake SMSC connects to .smsc_port."""

    def __init__(self, folder):
        os.makedirs(folder, mode=0o700)
        self.password = secrets.token_hex(8)
        self.smsc_port, self.http_port = free_port(), free_port()
        box, admin = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.http_port}/cgi-bin/sendsms"
        config = os.path.join(folder, "kannel.conf")
        with open(config, "w", encoding="ascii") as out:
            os.chmod(config, 0o600)
            out.write(CONFIG.format(folder=folder, admin=admin, box=box, smsc=self.smsc_port,
                                    http=self.http_port, password=self.password))
        self._box_port = box
        self.bearerbox = Child("bearerbox", [tool("bearerbox"), config],
                               os.path.join(folder, "bearerbox.out"), cwd=folder)
        self.smsbox = Child("smsbox", [tool("smsbox"), config],
                            os.path.join(folder, "smsbox.out"), cwd=folder)

    def start(self):
        self.bearerbox.start().wait_ready(
            lambda: listens(self._box_port) and listens(self.smsc_port))
        self.smsbox.start().wait_ready(lambda: listens(self.http_port))
        return self

    def stop(self):
        self.smsbox.stop()
        self.bearerbox.stop()


@contextlib.contextmanager
def telephone(folder):
    """A gateway, and the telephone behind it."""
    kannel = Kannel(os.path.join(folder, "kannel"))
    phone = Phone(folder, kannel.smsc_port)
    try:
        yield kannel.start(), phone.start()
    finally:
        phone.stop()
        kannel.stop()
