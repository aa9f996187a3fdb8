/*
 * groups.h - which of the settings' groups a person is in, for each kind of directory.
 */
#ifndef REGISTRAR_GROUPS_H
#define REGISTRAR_GROUPS_H

#include "registrar/account.h"

/** groups_openldap_find(dir, name, allowed, i), groups_ad_find: see find_group of struct dialect. */
int groups_openldap_find(struct dir *, const char *name, bool allowed, size_t i);
int groups_ad_find(struct dir *, const char *name, bool allowed, size_t i);

/** groups_openldap_check(dir, account), groups_ad_check: see its check_groups. */
enum verdict groups_openldap_check(struct dir *, const struct account *);
enum verdict groups_ad_check(struct dir *, const struct account *);

#endif
