"""The settings file: written from a dict, so that a test changes one and no more."""


def _value(value, depth):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{escaped}"'
    if isinstance(value, dict):
        return "{\n" + _group(value, depth + 1) + "\t" * depth + "}"
    return "( " + ", ".join(_value(one, depth) for one in value) + " )"


def _group(group, depth):
    return "".join(f"{chr(9) * depth}{name} = {_value(value, depth)};\n"
                   for name, value in group.items())


def write(path, settings):
    with open(path, "w", encoding="utf-8") as out:
        out.write(_group(settings, 0))


def change(settings, where, value):
    """change(s, "portal.listen", [...]) sets it; a value of None takes it out.

    A number in the path is a place in a list: "courier.gateways.0.url".
    """
    *path, last = [int(part) if part.isdigit() else part for part in where.split(".")]
    for part in path:
        settings = settings[part]
    if value is None:
        del settings[last]
    else:
        settings[last] = value


def shown(share):
    """As much as the portal needs to draw pages, and all that they can show."""
    return {
        "organisation": "Zorggroep Linde",
        "public_url": "https://herstel.linde.example",
        "country": "31",
        "young_number_days": 7,
        "proofs": [{"field": "mobile", "attribute": "mobile", "kind": "phone"},
                   {"field": "birthdate", "attribute": "birthDate", "kind": "date"}],
        "portal": {
            "languages": ["nl", "en"],
            "share": share,
            "sign_in_url": "https://linde.example/",
            "service_desk": {"phone": "010 123 45 67", "mail": "servicedesk@linde.example",
                             "hours": "8:00-17:30", "url": "https://linde.example/help"},
            "valid_for": ["Mail", "VPN", "Linde Intranet"],
        },
    }


# Tests do in minutes what a house sees in years; who tries the limits sets their own.
PLENTY = {limit: 1000000 for limit in (
    "address_hour", "address_most_hour", "name_day", "account_hour", "account_day",
    "account_from_hour", "number_hour", "number_day", "country_hour", "country_day",
    "messages_hour", "messages_day", "resets_day", "unlocks_day", "wrong_codes_hour")}


def house(folder, port, share, runtime, directory, kannel):
    """What an admin of Zorggroep Linde would write.  Keys lie in ${folder}/keys."""
    keys, told = f"{folder}/keys", directory.settings()
    return {
        "organisation": "Zorggroep Linde",
        "public_url": f"http://127.0.0.1:{port}",
        "runtime": runtime,
        "country": "31",
        "proofs": told["proofs"],
        "portal": {
            "listen": [f"127.0.0.1:{port}"],
            "languages": ["nl", "en"],
            "share": share,
            "service_desk": {"phone": "010 123 45 67", "mail": "servicedesk@linde.example",
                             "hours": "8:00-17:30", "url": ""},
            "valid_for": ["Mail", "VPN", "Linde Intranet"],
        },
        "keeper": {
            "state": f"{folder}/state",
            "code_key": f"{keys}/code.key",
            "audit_key": f"{keys}/audit.key",
            "wishes": ["reset", "unlock"],
            "limits": dict(PLENTY),
        },
        "registrar": {
            "workers": 4,
            "deadline": 10,
            "ticket_keys": [f"{keys}/ticket.key"],
            "account_key": f"{keys}/account.key",
            "directory": {"bind_password_file": f"{keys}/bind.secret", **told["directory"]},
        },
        "courier": {
            "share": share,
            "languages": ["nl", "en"],
            "gateways": [{
                "name": "kannel",
                "channel": "sms",
                "method": "POST",
                "url": kannel.url,
                "headers": [
                    "Content-Type: text/plain; charset=UTF-8",
                    "X-Kannel-Username: latchkey",
                    "X-Kannel-Password: {secret}",
                    "X-Kannel-From: {sender}",
                    "X-Kannel-To: {to}",
                    "X-Kannel-Coding: {coding}",
                ],
                "body": "{text}",
                "body_type": "plain",
                "sender": "Linde",
                "accept_status": "202",
                "accept_body": "^[03]:",
                "secret_file": f"{keys}/kannel.secret",
                "timeout": 10,
            }],
        },
    }
