"""What browsers, and programs that are none, bring along to speak TLS."""

import ssl


def context(authority, oldest=ssl.TLSVersion.TLSv1_2, newest=ssl.TLSVersion.TLSv1_3, ciphers=None,
            protocols=("http/1.1",)):
    """Somebody who trusts this authority, and would take whatever these say, however weak."""
    made = ssl.create_default_context(cafile=authority.certificate)
    made.set_ciphers(ciphers or "ALL:@SECLEVEL=0")
    made.minimum_version, made.maximum_version = oldest, newest
    if protocols:
        made.set_alpn_protocols(list(protocols))
    return made
