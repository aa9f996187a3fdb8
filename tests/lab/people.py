"""The people of Zorggroep Linde, and as many more as a test asks for.

What a person types (mobile, birthdate) and how the directory spells it (spelt) are
two things: both are as free as in real life.  Somebody whose number the directory
does not know has a telephone all the same, and types its number.
"""

import dataclasses
import itertools

@dataclasses.dataclass
class Person:
    username: str
    given: str
    surname: str
    mobile: str = ""                # as typed, +31...
    birthdate: str = ""             # as typed, ISO
    state: str = "ok"
    language: str = "nl"
    password: str = "Regen-op-12-tulpen"
    spelt_mobile: str = ""          # in the directory; empty: as typed
    spelt_birthdate: str = ""
    policy: str = ""                # a policy of their own
    extra: dict = dataclasses.field(default_factory=dict)   # attributes, as the directory has them
    dn: str = ""                    # said by the directory that takes them in

    @property
    def displayname(self):
        return f"{self.given} {self.surname}"

    @property
    def mail(self):
        return f"{self.username.replace('.', '-')}@post.linde.example"

    def as_json(self):
        """What build/demo/people.json says of them."""
        return {key: getattr(self, key) for key in
                ("username", "displayname", "mobile", "mail", "birthdate", "password", "dn", "state",
                 "language")}


def cast():
    """Everybody who lives in the demo."""
    return [
        Person("a.jansen", "Anna", "Jansen", "+31612345678", "1984-10-01",
               spelt_mobile="06-12345678", spelt_birthdate="1-10-1984"),
        Person("l.smit", "Lotte", "Smit", "+31612345601", "1990-02-28", state="locked",
               spelt_mobile="+31 (0)6 1234 5601", spelt_birthdate="28/02/1990"),
        Person("e.visser", "Emma", "Visser", "+31612345602", "1975-12-31", state="expired",
               spelt_mobile="0031612345602", spelt_birthdate="19751231"),
        Person("d.bakker", "Daan", "Bakker", "+31612345603", "1988-03-14", state="disabled",
               spelt_mobile="06 1234 5603", spelt_birthdate="1988-03-14"),
        Person("p.vertrokken", "Piet", "Vertrokken", "+31612345604", "1969-07-20",
               state="disabled", extra={"employeeType": ["left"]}),
        Person("t.tijdelijk", "Tess", "Kuipers", "+31612345613", "2001-04-27", state="ended"),
        Person("b.directeur", "Bea", "Mulder", "+31612345605", "1966-05-05", state="protected",
               spelt_birthdate="05-05-1966"),
        Person("b.heerder", "Bram", "Vos", "+31612345606", "1979-11-09", state="protected",
               spelt_birthdate="9-11-1979"),
        Person("n.nummerloos", "Nina", "de Wit", "+31612345607", "1992-08-17", state="nomobile"),
        Person("g.datumloos", "Guus", "Peters", "+31612345608", "1983-01-30",
               state="nobirthdate", spelt_mobile="06-12 34 56 08"),
        Person("z.muller", "Zoë", "Müller-Øster", "+31612345609", "1995-06-21",
               spelt_mobile="(06) 12 34 56 09", spelt_birthdate="21.6.1995"),
        Person("j.vanderberg", "Jan", "van der Berg", "+31612345610", "1958-04-02",
               spelt_mobile="+31-6-12345610", spelt_birthdate="02/04/1958"),
        Person("o.brown", "Olivia", "Brown", "+447700900123", "1991-09-03", language="en",
               spelt_mobile="+44 7700 900123", spelt_birthdate="1991-09-03"),
        Person("t.green", "Tom", "Green", "+31612345611", "1986-02-11", state="locked",
               language="en", spelt_mobile="0612345611", spelt_birthdate="11-02-1986"),
        Person("n.dekker", "Noor", "Dekker", "+31612345614", "2003-09-22", state="new",
               spelt_mobile="06-123 456 14", spelt_birthdate="22-9-2003"),
        Person("s.degroot", "Sem", "de Groot", "+31612345612", "1999-12-01", policy="strict",
               spelt_mobile="tel:+31612345612", spelt_birthdate="19991201000000Z"),
    ]


_number = itertools.count(1)


def another(state="ok", **more):
    """One more person, not met before in this run."""
    return nth(next(_number), state, **more)


def nth(n, state="ok", **more):
    return Person(**{
        "username": f"t{n:05}", "given": "Testa", "surname": f"Proefman{n}",
        "mobile": f"+3162{n:07}", "birthdate": f"19{50 + n % 50}-{1 + n % 12:02}-{1 + n % 28:02}",
        "state": state, **more})
