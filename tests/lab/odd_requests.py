"""Requests that two readers could understand in two ways.

Behind each the same good request is sent: whoever answers that one has seen an end where
others see none.  A value may be a list of lines, which then stand in a good head.
"""

BODY = b'{"journey":"recover"}'
LINE = b"POST /api/v1/open HTTP/1.1"
HOST = b"Host: recover.example"
KIND = b"Content-Type: application/json"
LENGTH = b"Content-Length: %d" % len(BODY)
NEXT = b"GET /healthz HTTP/1.1\r\nHost: recover.example\r\n\r\n"


def post(*lines, line=LINE, host=HOST, length=LENGTH, body=BODY, end=b"\r\n"):
    """A good POST, with these lines more, or without a line that is None."""
    head = [part for part in (line, host, KIND, length, *lines) if part is not None]
    return end.join(head) + end + end + body


def get(target=b"/healthz", *lines, version=b" HTTP/1.1", method=b"GET", host=HOST):
    head = [part for part in (method + b" " + target + version, host, *lines) if part is not None]
    return b"\r\n".join(head) + b"\r\n\r\n"


def chunked(chunks, coding=b"chunked", length=None, name=b"Transfer-Encoding: "):
    return post(name + coding, length=length, body=chunks)


CHUNKS = b"15\r\n" + BODY + b"\r\n0\r\n\r\n"

GOOD = {
    "a post": post(), "a get": get(), "a head": get(method=b"HEAD"),
    "http 1.0": get(version=b" HTTP/1.0"), "absolute": get(b"http://recover.example/healthz"),
    "a query": get(b"/healthz?a=%00&b=/../"), "no length": get(b"/healthz", b"Content-Length: 0"),
    "expect": post(b"Expect: 100-continue"), "connection te": get(b"/healthz", b"Connection: TE"),
    "a cookie of another": get(b"/healthz", "Cookie: naam=Zo\u00eb".encode()),
    "a tab in a line": get(b"/healthz", b"X-A: b\tc"), "empty line": get(b"/healthz", b"X-A:"),
    "eight proxies": get(b"/healthz", *[b"X-Forwarded-For: 10.0.0.%d" % n for n in range(8)]),
    "63 lines": get(b"/healthz", *[b"X-%d: a" % n for n in range(63)]),
}

ODD = {
    # ---- how long is it
    "two lengths": post(b"Content-Length: 5"),
    "two lengths alike": post(LENGTH),
    "two lengths, one in capitals": post(b"CONTENT-LENGTH: 5"),
    "a list of lengths": post(length=b"Content-Length: 21, 21"),
    "a list of two lengths": post(length=b"Content-Length: 21, 5"),
    "two numbers": post(length=b"Content-Length: 21 21"),
    "a sign": post(length=b"Content-Length: +21"),
    "less than nothing": post(length=b"Content-Length: -1"),
    "hexadecimal": post(length=b"Content-Length: 0x15"),
    "a zero in front": post(length=b"Content-Length: 021"),
    "a fraction": post(length=b"Content-Length: 21.0"),
    "an exponent": post(length=b"Content-Length: 2e1"),
    "no number": post(length=b"Content-Length:"),
    "a word": post(length=b"Content-Length: many"),
    "in quotes": post(length=b'Content-Length: "21"'),
    "two blanks in front": post(length=b"Content-Length:  21"),
    "a tab in front": post(length=b"Content-Length:\t21"),
    "a blank behind": post(length=b"Content-Length: 21 "),
    "more than 64 bits": post(length=b"Content-Length: 18446744073709551637"),
    "4 GiB and a bit": post(length=b"Content-Length: 4294967317"),
    "no length": post(length=None),
    "a body with GET": get(b"/healthz", LENGTH) + BODY,
    "a request as the body of a GET": get(b"/healthz", b"Content-Length: %d" % len(NEXT)),
    "a body with HEAD": get(b"/healthz", LENGTH, method=b"HEAD") + BODY,
    # ---- another way to say how long it is
    "length and chunked": chunked(CHUNKS, length=LENGTH),
    "chunked and length": chunked(b"0\r\n\r\n", length=b"Content-Length: 5"),
    "chunked": chunked(CHUNKS),
    "xchunked": chunked(CHUNKS, b"xchunked", LENGTH),
    "chunkedx": chunked(CHUNKS, b"chunkedx", LENGTH),
    "gzip, chunked": chunked(CHUNKS, b"gzip, chunked"),
    "chunked, gzip": chunked(CHUNKS, b"chunked, gzip", LENGTH),
    "chunked twice": chunked(CHUNKS, b"chunked, chunked"),
    "identity": chunked(BODY, b"identity", LENGTH),
    "no coding": chunked(BODY, b"", LENGTH),
    "chunked in capitals": chunked(CHUNKS, b"CHUNKED", LENGTH),
    "chunked behind a tab": chunked(CHUNKS, b"\tchunked", LENGTH),
    "a blank before its colon": chunked(CHUNKS, length=LENGTH, name=b"Transfer-Encoding : "),
    "folded into it": chunked(CHUNKS, b"\r\n chunked", LENGTH),
    "a chunk in 0x": chunked(b"0x15\r\n" + BODY + b"\r\n0\r\n\r\n"),
    "a chunk with a sign": chunked(b"+15\r\n" + BODY + b"\r\n0\r\n\r\n"),
    "a chunk too long": chunked(b"fffffffffffffff0\r\n" + BODY),
    "a chunk below nothing": chunked(b"-1\r\n" + BODY),
    "chunks with bare newlines": chunked(CHUNKS.replace(b"\r\n", b"\n")),
    "a chunk's extension": chunked(b"15;a=\n\r\n" + BODY + b"\r\n0\r\n\r\n"),
    "no last chunk": chunked(b"15\r\n" + BODY + b"\r\n"),
    "a trailer of length": chunked(b"0\r\nContent-Length: 5\r\n\r\n"),
    # ---- to whom
    "two hosts": post(b"Host: elders"),
    "two hosts alike": post(HOST),
    "no host": post(host=None),
    "no host, http 1.0": get(version=b" HTTP/1.0", host=None),
    "an empty host": post(host=b"Host:"),
    "a host of two words": post(host=b"Host: recover.example elders"),
    "a list of hosts": post(host=b"Host: recover.example, elders"),
    "a host with a path": post(host=b"Host: recover.example/x"),
    "a host with a user": post(host=b"Host: admin@recover.example"),
    "a port that is none": post(host=b"Host: recover.example:x"),
    "half a bracket": post(host=b"Host: [::1"),
    "a blank before the host": post(host=b"Host:  recover.example"),
    "a host in other letters": post(host="Host: récover.example".encode()),
    "an address of another host": get(b"http://elders/healthz"),
    "an address with a user": get(b"http://admin@recover.example/healthz"),
    "an address with a port": get(b"http://recover.example:80/healthz"),
    "an address without host": get(b"http:///healthz"),
    "an address of another kind": get(b"ftp://recover.example/healthz"),
    "an address without path": get(b"http://recover.example"),
    "only a host": get(b"recover.example:80"),
    "an asterisk": get(b"*"),
    "a host in the path": get(b"//recover.example/healthz"),
    # ---- the request line
    "no version": get(version=b""),
    "http 0.9": get(version=b" HTTP/0.9"),
    "http 1.2": get(version=b" HTTP/1.2"),
    "http 2": get(version=b" HTTP/2.0"),
    "http 2's preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "http in small letters": get(version=b" http/1.1"),
    "http 01.1": get(version=b" HTTP/01.1"),
    "something behind the version": get(version=b" HTTP/1.1 x"),
    "a blank behind the version": get(version=b" HTTP/1.1 "),
    "two versions": get(version=b" HTTP/1.1 HTTP/1.1"),
    "two blanks": get(b" /healthz"),
    "two blanks before the version": get(version=b"  HTTP/1.1"),
    "tabs": b"GET\t/healthz\tHTTP/1.1\r\n" + HOST + b"\r\n\r\n",
    "a blank in front": b" " + get(),
    "an empty line in front": b"\r\n" + get(),
    "a newline in front": b"\n" + get(),
    "a blank in the path": get(b"/health z"),
    "a fragment": get(b"/healthz#x"),
    "a backslash": get(b"/\\healthz"),
    "a control in the path": get(b"/health\x01z"),
    "other letters in the path": get("/hé".encode()),
    "no slash": get(b"healthz"),
    "an escaped nul": get(b"/healthz%00"),
    "an escaped slash": get(b"/static%2fstyle.css"),
    "an escaped backslash": get(b"/static%5cstyle.css"),
    "an escaped newline": get(b"/healthz%0d%0aX:y"),
    "escaped dots": get(b"/static/%2e%2e/healthz"),
    "an escaped escape": get(b"/static/%252e%252e/healthz"),
    "a broken escape": get(b"/healthz%zz"),
    "half an escape": get(b"/healthz%2"),
    "dots": get(b"/static/../healthz"),
    "a dot": get(b"/./healthz"),
    "two slashes": get(b"/static//healthz"),
    # ---- the method
    "a method in small letters": get(method=b"get"),
    "a method of signs": get(method=b"G(T"),
    "no method": get(method=b""),
    "connect": get(b"recover.example:443", method=b"CONNECT"),
    "trace": get(method=b"TRACE"),
    "options of all": get(b"*", method=b"OPTIONS"),
    "put": post(line=b"PUT /api/v1/open HTTP/1.1"),
    "a method of another protocol": get(method=b"PROPFIND"),
    # ---- the lines
    "folded": post(b"X-A: b", b" c"),
    "folded by a tab": post(b"X-A: b", b"\tc"),
    "folded at once": post(line=LINE + b"\r\n X-A: b"),
    "a blank before a colon": post(b"X-A : b"),
    "a tab before a colon": post(b"X-A\t: b"),
    "no colon": post(b"X-A"),
    "no name": post(b": b"),
    "a blank in a name": post(b"X A: b"),
    "a control in a name": post(b"X-\x01A: b"),
    "a nul in a name": post(b"X-\0A: b"),
    "other letters in a name": post("X-é: b".encode()),
    "brackets in a name": post(b"X(A): b"),
    "a nul": post(b"X-A: a\0b"),
    "a bare cr": post(b"X-A: a\rb"),
    "a bare cr hiding a line": post(b"X-A: a\rContent-Length: 5"),
    "a bare newline": post(b"X-A: a\nContent-Length: 5"),
    "bare newlines": post(end=b"\n"),
    "bare carriage returns": post(end=b"\r"),
    "cr cr lf": post(end=b"\r\r\n"),
    "the last newline bare": post(body=b"")[:-2] + b"\n" + BODY,
    "a control in a value": post(b"X-A: a\x0bb"),
    "a delete in a value": post(b"X-A: a\x7fb"),
    "other letters in a value": post("X-A: é".encode()),
    "65 lines": post(*[b"X-%d: a" % n for n in range(65)]),
    "4000 lines": post(*[b"X-%d: a" % n for n in range(4000)]),
    "a long line": post(b"X-A: " + b"a" * 20000),
    "a long path": get(b"/" + b"a" * 20000),
    # ---- what is done to the connection
    "an upgrade": get(b"/healthz", b"Connection: Upgrade", b"Upgrade: websocket"),
    "an upgrade to http 2": get(b"/healthz", b"Connection: Upgrade, HTTP2-Settings",
                                b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABkAAQAAP__"),
    "an upgrade that is hidden": get(b"/healthz", b"Upgrade: h2c"),
    "a line to be dropped": get(b"/healthz", b"Connection: close, Cookie"),
    "two connections": get(b"/healthz", b"Connection: close", b"Connection: keep-alive"),
    "another expectation": post(b"Expect: 200-ok"),
    "two expectations": post(b"Expect: 100-continue", b"Expect: 100-continue"),
    "an expectation of more": post(b"Expect: 100-continue, more"),
    "no expectation": post(b"Expect:"),
    # ---- lines of which one counts
    "two cookies": get(b"/healthz", b"Cookie: latchkey=a", b"Cookie: latchkey=b"),
    "two types": post(KIND),
    "nine proxies": get(b"/healthz", *[b"X-Forwarded-For: 10.0.0.%d" % n for n in range(9)]),
    "two sites": post(b"Sec-Fetch-Site: same-origin", b"Sec-Fetch-Site: cross-site"),
    # ---- another protocol
    "tls": bytes.fromhex("160301002f0100002b0303") + b"\0" * 36,
    "ssh": b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "a mail": b"EHLO example\r\nMAIL FROM:<a@example>\r\n\r\n",
    "nuls": b"\0" * 64,
}
