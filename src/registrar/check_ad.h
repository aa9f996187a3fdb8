/*
 * check_ad.h - under --check: what keeps the dialect "ad" from working.
 */
#ifndef REGISTRAR_CHECK_AD_H
#define REGISTRAR_CHECK_AD_H

#include "registrar/ldap.h"

/** check_ad(dir): see check of struct dialect. */
void check_ad(struct dir *);

#endif
