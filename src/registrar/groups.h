/*
 * groups.h - which of the settings' groups a person is in, for each kind of directory.
 */
#ifndef REGISTRAR_GROUPS_H
#define REGISTRAR_GROUPS_H

#include "registrar/account.h"

/**
 * groups_name(list, i):
 * The i-th group of a list of the settings; "" where a policy names none; NULL behind the last.
 */
const char *groups_name(enum group_list, size_t i);

/** groups_any(): a group is named anywhere, so it matters which ones a person is in. */
bool groups_any(void);

/** groups_openldap_find(dir, name, list, i), groups_ad_find: see find_group of struct dialect. */
int groups_openldap_find(struct dir *, const char *name, enum group_list, size_t i);
int groups_ad_find(struct dir *, const char *name, enum group_list, size_t i);

/** groups_openldap_read(dir, account), groups_ad_read: see its read_groups. */
enum verdict groups_openldap_read(struct dir *, struct account *);
enum verdict groups_ad_read(struct dir *, struct account *);

#endif
