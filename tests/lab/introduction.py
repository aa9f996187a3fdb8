"""The header of the PROXY protocol, version 2, as a proxy writes it."""

import ipaddress
import struct

MARK = b"\r\n\r\n\0\r\nQUIT\n"
LOCAL, PROXY = 0x20, 0x21


def header(command, family, body, length=None):
    """As it is told to, right or wrong."""
    length = len(body) if length is None else length
    return MARK + struct.pack(">BBH", command, family, length) + body


def introduce(client, parts=b""):
    """The proxy connects for this address."""
    client = ipaddress.ip_address(client)
    ours = ipaddress.ip_address("10.0.0.1" if client.version == 4 else "fd00::1")
    return header(PROXY, 0x11 if client.version == 4 else 0x21,
                  client.packed + ours.packed + struct.pack(">HH", 49152, 443) + parts)
