"""What a test may look at and change in a directory, of whatever kind it is."""

import ldap
import ldap.modlist

from lab import people as folk


class Server:
    """A running directory.

    Its kinds have: uri, plain_uri, address, port, tls_port, ca, suffix, base (people stand
    there), groups (and groups there), admin_dn, admin_password, service_dn,
    service_password, protected (a group), people, child, environment (of who speaks to
    it); and
    dn(person), entry(person), settings(), lock(person).
    """

    def connect(self, dn, password):
        """A connection bound as ${dn}; ldap.INVALID_CREDENTIALS where that fails."""
        connection = ldap.initialize(self.uri)
        connection.set_option(ldap.OPT_REFERRALS, 0)
        connection.set_option(ldap.OPT_X_TLS_CACERTFILE, self.ca)
        connection.set_option(ldap.OPT_X_TLS_REQUIRE_CERT, ldap.OPT_X_TLS_DEMAND)
        connection.set_option(ldap.OPT_X_TLS_NEWCTX, 0)
        connection.set_option(ldap.OPT_NETWORK_TIMEOUT, 5)
        connection.simple_bind_s(dn, password)
        return connection

    def binds(self, person, password):
        """Would this password let them in?"""
        try:
            self.connect(person.dn, password).unbind_s()
        except ldap.INVALID_CREDENTIALS:
            return False
        return True

    def admin(self):
        return self.connect(self.admin_dn, self.admin_password)

    def answers(self):
        try:
            self.admin().unbind_s()
        except (ldap.SERVER_DOWN, ldap.BUSY, ldap.UNAVAILABLE):
            return False
        return True

    def stop(self):
        self.child.stop()

    def take(self, people):
        """Say of each where they stand; one who stands elsewhere said so already."""
        for person in people:
            person.dn = person.dn or self.dn(person)
        return list(people)

    def add(self, person):
        """Take somebody in while the directory runs; return them."""
        self.take([person])
        connection = self.admin()
        entry = self.entry(person)
        connection.add_ext_s(person.dn, ldap.modlist.addModlist(entry),
                             serverctrls=self.add_controls(entry))
        connection.unbind_s()
        self.people.append(person)
        return person

    def add_controls(self, entry):
        """What the server has to be told to take that entry in; None: nothing."""

    def newcomer(self, state="ok", **more):
        """One more person, in that state."""
        person = self.add(folk.another(state, **more))
        if state == "protected":
            self.change(self.protected, [(ldap.MOD_ADD, "member", person.dn)])
        return person

    def change(self, dn, changes):
        connection = self.admin()
        connection.modify_s(dn, [(how, name, value.encode() if value else None)
                                 for how, name, value in changes])
        connection.unbind_s()

    def read(self, person, *attributes):
        """The entry as admin sees it: attribute -> list of bytes."""
        connection = self.admin()
        (_, entry), = connection.search_s(
            person.dn, ldap.SCOPE_BASE, attrlist=list(attributes) or ["*", "+"])
        connection.unbind_s()
        return entry
