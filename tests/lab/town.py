"""All of it together: a directory, a gateway, the telephone, the house."""

import json
import os

from lab import people
from lab.ca import Authority
from lab.directory import Directory
from lab.gateway import Kannel
from lab.house import House
from lab.phone import Phone
from lab.samba import Samba


class Town:
    """A folder in which everything lives that a walk through Latchkey needs.

    directory: "openldap", or "samba" for an Active Directory.
    mail:      the telephone takes mail as well, and the house sends some
    """

    def __init__(self, folder, change=None, port=None, phone_port=None, cast=None,
                 sync=True, directory="openldap", mail=False):
        os.makedirs(folder, exist_ok=True)
        self.folder, self.change = folder, change
        self.people_file = os.path.join(folder, "people.json")
        self.authority = Authority(os.path.join(folder, "ca"))
        cast = people.cast() if cast is None else cast
        self.directory = Samba(os.path.join(folder, "samba"), self.authority, cast) \
            if directory == "samba" else \
            Directory(os.path.join(folder, "slapd"), self.authority, cast, sync=sync)
        self.kannel = Kannel(os.path.join(folder, "kannel"))
        self.phone = Phone(folder, self.kannel.smsc_port, self.people_file, phone_port,
                           self.authority.issue("telephone") if mail else None)
        self.house = House(os.path.join(folder, "house"), self.directory, self.kannel, change, port)
        if mail:
            self._add_mail()
        self.write_people()

    def _add_mail(self):
        gateways = self.house.settings["courier"]["gateways"]
        self.house.change({"courier.gateways": gateways + [{
            "name": "mail", "channel": "mail", "url": f"smtps://localhost:{self.phone.smtps_port}",
            "sender": "herstel@linde.example", "ca_file": self.authority.certificate}]})

    def write_people(self):
        with open(self.people_file, "w", encoding="utf-8") as out:
            json.dump([person.as_json() for person in self.directory.people], out, indent=2,
                      ensure_ascii=False)

    def start(self):
        self.directory.start()
        self.kannel.start()
        self.phone.start()
        self.house.start()
        return self

    def stop(self):
        self.house.stop()
        self.phone.stop()
        self.kannel.stop()
        self.directory.stop()

    def person(self, username):
        return next(p for p in self.directory.people if p.username == username)
