"""A mail server of our own, a real one: Exim, with TLS and AUTH, for one afternoon.

It runs by its own settings on a port of the loopback, and knows nothing of the machine's
own; each mail that it takes lies as a file in a folder, as it would travel on.
"""

import email
import email.policy
import os
import pwd
import secrets
import shutil
import tempfile

from lab.child import Child, listens, until
from lab.places import free_port, tool

CONFIG = """\
primary_hostname = mail.linde.example
spool_directory = {folder}/spool
log_file_path = {folder}/log/%slog
pid_file_path =
local_interfaces = 127.0.0.1.{port} : 127.0.0.1.{tls_port}
tls_on_connect_ports = {tls_port}
host_lookup =
rfc1413_hosts =
tls_advertise_hosts = *
tls_certificate = {folder}/mail.crt
tls_privatekey = {folder}/mail.key
auth_advertise_hosts = ${{if eq{{$tls_in_cipher}}{{}}{{}}{{*}}}}
never_users =
qualify_domain = linde.example
smtp_accept_max = 50
acl_smtp_mail = from
acl_smtp_rcpt = rcpt
acl_smtp_data = data
keep_environment =

begin acl
from:
  deny    !encrypted = *
          message = TLS first
  deny    !authenticated = *
          message = sign in first
  accept

rcpt:
  deny    local_parts = nobody
          message = no such mailbox
  defer   local_parts = greylisted
          message = greylisted, come back later
  defer   condition = ${{if exists{{{folder}/closed}}}}
          message = closed for now
  accept

data:
  deny    condition = ${{if eq{{$recipients}}{{full@post.linde.example}}}}
          message = mailbox full
  accept

begin routers
all:
  driver = accept
  transport = folder

begin transports
folder:
  driver = appendfile
  directory = {folder}/mails
  create_directory = false
  user = {user}
  delivery_date_add
  envelope_to_add

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and{{{{eq{{$auth2}}{{latchkey}}}}{{eq{{$auth3}}{{{password}}}}}}}}}
  server_set_id = $auth2
"""


class Exim:
    """.port asks for STARTTLS, .tls_port speaks TLS at once; .password is latchkey's."""

    def __init__(self, authority):
        # Exim gives up root by itself, and what tests are given no other user may enter.
        self.folder = folder = tempfile.mkdtemp(prefix="latchkey-mail-")
        os.chmod(folder, 0o755)
        self.mails = os.path.join(folder, "mails")
        self.port, self.tls_port = free_port(), free_port()
        self.password = secrets.token_hex(8)
        user = pwd.getpwnam("Debian-exim")
        for name in ("mails", "spool", "log"):
            os.makedirs(os.path.join(folder, name))
            os.chown(os.path.join(folder, name), user.pw_uid, user.pw_gid)
        certificate, key = authority.issue("mail", hosts=("localhost",), addresses=())
        for path, name in ((certificate, "mail.crt"), (key, "mail.key")):
            with open(path, "rb") as pem, open(os.path.join(folder, name), "wb") as out:
                out.write(pem.read())
            os.chown(os.path.join(folder, name), user.pw_uid, user.pw_gid)
        self.secret_file = os.path.join(folder, "password")
        with open(os.open(self.secret_file, os.O_WRONLY | os.O_CREAT, 0o600), "w",
                  encoding="ascii") as out:
            out.write(self.password + "\n")
        config = os.path.join(folder, "exim.conf")
        with open(config, "w", encoding="ascii") as out:
            out.write(CONFIG.format(folder=folder, port=self.port, tls_port=self.tls_port,
                                    password=self.password, user=user.pw_name))
        self.child = Child("exim", [tool("exim4"), "-C", config, "-bdf", "-odf"],
                           os.path.join(folder, "exim.out"))

    def start(self):
        self.child.start().wait_ready(lambda: listens(self.port) and listens(self.tls_port))
        return self

    def stop(self):
        self.child.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def close(self, closed=True):
        """Take no mail for now, as a server does that greylists or is full."""
        path = os.path.join(self.folder, "closed")
        if closed:
            with open(path, "w", encoding="ascii"):
                pass
        else:
            os.remove(path)

    def raw(self):
        """What was taken, as it is, oldest first."""
        paths = [os.path.join(self.mails, name) for name in os.listdir(self.mails)
                 if not name.startswith("temp.")]
        found = []
        for path in sorted(paths, key=lambda path: os.stat(path).st_mtime_ns):
            with open(path, "rb") as mail:
                found.append(mail.read())
        return found

    def inbox(self, to=None):
        """The mails to somebody, as a reader understands them."""
        mails = [email.message_from_bytes(raw, policy=email.policy.default) for raw in self.raw()]
        return [mail for mail in mails if to in (None, mail["Envelope-To"])]

    def next(self, to, before=0, seconds=15):
        """The first mail to somebody after the ${before} that were there already."""
        until(lambda: len(self.inbox(to)) > before, seconds, f"a mail to {to}")
        return self.inbox(to)[before]


def gateway(exim, authority, name="mail", **more):
    """What the settings say of a mail server, and nothing wrong."""
    return {"name": name, "channel": "mail", "url": f"smtp://localhost:{exim.port}",
            "sender": "herstel@linde.example", "user": "latchkey", "secret_file": exim.secret_file,
            "ca_file": authority.certificate, "timeout": 4, **more}
