/*
 * check_ad.h - under --check: what keeps the dialect "ad" from working.
 *
 * The hooks of struct dialect of the same names say more of each.  check_ad.c looks at
 * servers and policies, check_ad_rights.c at what the service account may do.
 */
#ifndef REGISTRAR_CHECK_AD_H
#define REGISTRAR_CHECK_AD_H

#include "registrar/account.h"
#include "registrar/remedy.h"

void check_ad(struct dir *);
void check_ad_server(struct dir *, const char *setting, const char *uri);
int check_ad_lockout(struct dir *, const struct account *);
size_t check_ad_remedies(struct dir *, enum remedy_right, struct finding_remedy out[REMEDIES]);

/** check_ad_rights(dir, domain): the rights on a sample of people; faults and advice. */
void check_ad_rights(struct dir *, const char *domain);

/**
 * check_ad_account(dir, domain, account):
 * Who the service account is, as the server knows it.  Return 0, or -1 if it does not say.
 */
int check_ad_account(struct dir *, const char *domain, struct remedy_account *);

#endif
