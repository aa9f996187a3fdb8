/*
 * census.h - who stands below the base, in numbers: for --check.
 */
#ifndef REGISTRAR_CENSUS_H
#define REGISTRAR_CENSUS_H

#include "registrar/ldap/ldap.h"

enum { CENSUS_SAMPLE_MOST = 32 };

/**
 * census_take(dir):
 * Count the people below the base, and those who cannot prove who they are; report it.
 */
void census_take(struct dir *);

/**
 * census_sample(i):
 * After census_take: the DN of one person who is helped, for the i-th of the folders
 * in which people stand; NULL when there are no more.
 */
const char *census_sample(size_t i);

/** census_folder(dn): the DN of the folder in which ${dn} stands; "" if it stands in none. */
const char *census_folder(const char *dn);

#endif
