"""Policies in front of an Active Directory: by groups within groups, and by OU."""

import ldap

from lab.policies import code_of, explained, to_second
from lab.samba_seed import add

NEW = "Wolken-boven-8-dijken"


def test_by_group_and_by_place(mail_house, ad, exim, town):
    """Members of a group in the group, and nobody else; first those of an OU."""
    member, other = ad.newcomer(), ad.newcomer()
    outer, inner = f"CN=Financien,{ad.groups}", f"CN=Inkoop,{ad.groups}"
    stage = f"OU=Stage,{ad.base}"
    connection = ad.admin()
    add(connection, stage, {"objectClass": "organizationalUnit"})
    for name, has in ((inner, member.dn), (outer, inner)):
        add(connection, name, {"objectClass": "group", "sAMAccountName": name[3:].split(",")[0]})
        connection.modify_s(name, [(ldap.MOD_ADD, "member", has.encode())])
    try:
        house = mail_house({"policies": [
            {"name": "elsewhere", "below": stage.lower()},
            {"name": "finance", "group": outer, "second": ["mail"]}]}, directory=ad)
        assert to_second(house, town, other).step["step"] == "password"
        client = to_second(house, town, member)
        assert client.step["step"] == "second"
        client.answer(code=code_of(exim.next(member.mail)))
        assert client.settle()["step"] == "password"
        assert client.choose(NEW)["outcome"] == "reset"
        assert ad.binds(member, NEW)
        told = explained(house, member)
        assert told["policy"] == "finance" and told["looked_at"][0]["below"] == "no"
        assert explained(house, other)["policy"] is None
        moved = f"{other.dn.split(',')[0]},{stage}"
        connection.rename_s(other.dn, other.dn.split(",")[0], stage)
        assert explained(house, other)["policy"] == "elsewhere"
        connection.rename_s(moved, other.dn.split(",")[0], ad.base)
    finally:
        connection.delete_s(outer)
        connection.delete_s(inner)
        connection.delete_s(stage)
        connection.unbind_s()
