/*
 * metadata.h - when an attribute of an entry last got another value, as Active
 * Directory keeps it for its replication.
 */
#ifndef REGISTRAR_METADATA_H
#define REGISTRAR_METADATA_H

#include <stddef.h>
#include <stdint.h>

/**
 * metadata_element(text, len, attribute, when):
 * One value of msDS-ReplAttributeMetaData ([MS-ADTS] 3.1.1.4.5.18), which is an element
 * of XML.  Return 1 if it is about ${attribute}, with the seconds since 1970 in ${when};
 * 0 if it is about another; -1 if it is not such an element.
 */
int metadata_element(const char *, size_t len, const char *attribute, int64_t *when);

/**
 * metadata_vector(octets, len, attid, when):
 * The value of replPropertyMetaData, about all attributes, of which each has a number.
 * Return 1, or 0 if ${attid} never had a value; -1 if it is not such a vector.
 */
int metadata_vector(const void *, size_t len, uint32_t attid, int64_t *when);

/**
 * metadata_attid(oid, attid):
 * The number of an attribute by its OID, where the schema does not say it itself:
 * [MS-DRSR] 5.16.4.  Return 0, or -1 if it is not under a root that every domain has.
 */
int metadata_attid(const char *oid, uint32_t *attid);

#endif
