/*
 * tls.h - TLS for those who come in, where the portal does it itself.
 *
 * TLS 1.2 and 1.3, with ciphers that keep no secret of yesterday: a key that is stolen
 * opens nothing that was recorded.  For the same reason no session is resumed: a ticket
 * key in memory would open them all, and people, who come once, would gain a millisecond.
 */
#ifndef PORTAL_TLS_H
#define PORTAL_TLS_H

#include <stdbool.h>
#include <stdint.h>

#include <event2/bufferevent.h>

/**
 * tls_start():
 * Read the certificate and the key that the settings name; if none are named, nobody
 * comes by TLS.  May be called again: who comes from then on gets the new pair, the
 * others go on with the one that they had.  Return 0, or -1 with the fault told; then
 * what was in use stays in use.
 */
int tls_start(void);

/** tls_check(): say what will soon be, or may be, wrong with the certificate in use. */
void tls_check(void);

/** tls_until(): when the certificate in use expires, in seconds since 1970; 0: there is none. */
int64_t tls_until(void);

/** tls_is_on(): people come by TLS. */
bool tls_is_on(void);

/**
 * tls_accept(base, fd):
 * The server's side of a connection that has just come in; it owns ${fd}.  Its first
 * event is BEV_EVENT_CONNECTED, or the end.  NULL: no memory.
 */
struct bufferevent *tls_accept(struct event_base *, int fd);

/** tls_say_goodbye(io): tell the client that nothing follows; does nothing without TLS. */
void tls_say_goodbye(struct bufferevent *);

/** tls_stop(): forget the key. */
void tls_stop(void);

#endif
