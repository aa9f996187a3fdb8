/*
 * ldap_all.h - reading more than one person's matters: for --check alone.
 */
#ifndef REGISTRAR_LDAP_ALL_H
#define REGISTRAR_LDAP_ALL_H

#include "registrar/ldap/ldap.h"

/**
 * dir_all(dir, query, fn, ctx):
 * Call ${fn} with each entry that ${query} finds, however many, a page at a time.
 * DIR_MANY if the server did not give them all.
 */
enum dir_end dir_all(struct dir *, const struct dir_query *,
    void (*fn)(const struct dir_entry *, void *ctx), void *ctx);

/**
 * dir_rights(dir, dn, attributes, entry):
 * Like dir_one of just ${dn}.  Of nTSecurityDescriptor it asks for no more than
 * owner, group and list, because all of it is for administrators.
 */
enum dir_end dir_rights(struct dir *, const char *dn, const char *const *attributes,
    struct dir_entry **);

#endif
