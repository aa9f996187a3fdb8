/*
 * acl.h - what an access control list of Active Directory lets somebody do.
 *
 * Only read, never written: a check looks at what admins have granted.  The forms
 * are those of [MS-DTYP] 2.4: a self-relative security descriptor, SIDs and GUIDs
 * as they stand in an attribute's value.
 */
#ifndef REGISTRAR_ACL_H
#define REGISTRAR_ACL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "registrar/ad/sid.h"

enum { GUID_SIZE = 16, GUID_TEXT = 37 };

/** guid_set(guid, text): from 8-4-4-4-12 hexadecimal digits; 0, or -1. */
int guid_set(unsigned char guid[GUID_SIZE], const char *text);

/** guid_text(guid, out): the other way. */
void guid_text(const unsigned char guid[GUID_SIZE], char out[GUID_TEXT]);

/* One of these at a time. */
enum acl_right { ACL_READ = 0x10, ACL_WRITE = 0x20, ACL_CONTROL = 0x100 };

/* Whom and what a question is about. */
struct acl_question {
	const struct sid	*who;		/* the person and all their groups */
	size_t			 n_who;
	enum acl_right		 right;
	const unsigned char	*what;		/* GUID of the attribute or extended right */
	const unsigned char	*set;		/* GUID of its property set, or NULL */
};

/**
 * acl_grants(descriptor, len, question):
 * True if the descriptor of ${len} octets grants it.  False if not, or if it is no
 * descriptor.
 */
bool acl_grants(const void *descriptor, size_t len, const struct acl_question *);

#endif
