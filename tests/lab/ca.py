"""A certificate authority for one afternoon."""

import os
import subprocess

from lab.places import tool


def _openssl(*args):
    subprocess.run([tool("openssl"), *args], check=True, capture_output=True)


class Authority:
    """A private CA in a folder; its certificate is at .certificate."""

    def __init__(self, folder, name="Latchkey laboratory CA"):
        self.folder = folder
        self.certificate = os.path.join(folder, "ca.crt")
        self._key = os.path.join(folder, "ca.key")
        os.makedirs(folder, exist_ok=True)
        _openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                 "-keyout", self._key, "-out", self.certificate, "-days", "30",
                 "-subj", f"/CN={name}", "-addext", "basicConstraints=critical,CA:TRUE",
                 "-addext", "keyUsage=critical,keyCertSign,cRLSign")

    def issue(self, name, hosts=("localhost",), addresses=("127.0.0.1",), days=30):
        """A server certificate; return the paths of certificate and key."""
        base = os.path.join(self.folder, name)
        names = [f"DNS:{host}" for host in hosts] + [f"IP:{address}" for address in addresses]
        with open(base + ".ext", "w", encoding="ascii") as ext:
            ext.write(f"subjectAltName={','.join(names)}\nextendedKeyUsage=serverAuth\n")
        _openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                 "-keyout", base + ".key", "-out", base + ".csr", "-subj", f"/CN={name}")
        _openssl("x509", "-req", "-in", base + ".csr", "-CA", self.certificate,
                 "-CAkey", self._key, "-CAcreateserial", "-days", str(days),
                 "-extfile", base + ".ext", "-out", base + ".crt")
        os.chmod(base + ".key", 0o600)
        return base + ".crt", base + ".key"
