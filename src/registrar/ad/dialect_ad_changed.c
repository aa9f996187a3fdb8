/*
 * dialect_ad_changed.c - since when an attribute has its value.
 *
 * Windows tells it in words, to whoever may read the replication's notes
 * (replPropertyMetaData); Samba only has these notes themselves.
 */
#include "registrar/ad/dialect_ad.h"

#include "base/clock.h"
#include "registrar/ad/metadata.h"

enum { NOT_SAID = -1, LONG_AGO = 0 };

/* 1 with the time, or something else: nothing is said of it. */
static int
read_words(const struct dir_entry *e, const char *attribute, int64_t *when)
{
	const char *text;
	size_t len;
	int r = 0;

	for (size_t i = 0; r == 0 &&
	    (text = dir_octets(e, "msDS-ReplAttributeMetaData", i, &len)) != NULL; i++)
		r = metadata_element(text, len, attribute, when);
	return r;
}

/* Attributes that were added to the schema later have a number of their own there. */
static int
find_number(struct dir *d, const char *attribute, uint32_t *attid)
{
	static const char *const wanted[] = { "attributeID", "msDS-IntId", NULL };
	struct dir_entry *e;
	const char *oid;
	int r = -1;

	if (ad_attribute(d, attribute, wanted, &e) != DIR_OK)
		return -1;
	if (dir_value(e, "msDS-IntId", 0) != NULL) {
		*attid = dir_flags(e, "msDS-IntId");
		r = 0;
	} else if ((oid = dir_value(e, "attributeID", 0)) != NULL) {
		r = metadata_attid(oid, attid);
	}
	dir_entry_free(e);
	return r;
}

static int
read_notes(struct dir *d, const struct dir_entry *e, const char *attribute, int64_t *when)
{
	size_t len;
	const void *notes = dir_octets(e, "replPropertyMetaData", 0, &len);
	uint32_t attid;

	return notes != NULL && find_number(d, attribute, &attid) == 0 ?
	    metadata_vector(notes, len, attid, when) : -1;
}

int64_t
ad_changed(struct dir *d, const struct account *a, const char *attribute)
{
	static const char *const wanted[] = {
		"msDS-ReplAttributeMetaData", "replPropertyMetaData", NULL
	};
	struct dir_entry *e;
	int64_t when = 0;
	int r;

	if (dir_read(d, a->dn, wanted, &e) != DIR_OK)
		return NOT_SAID;
	if ((r = read_words(e, attribute, &when)) != 1)
		r = read_notes(d, e, attribute, &when);
	dir_entry_free(e);
	if (r != 1)
		return NOT_SAID;
	/* What came with the account was put there by whoever made it. */
	return a->created != 0 && when <= a->created + DAY ? LONG_AGO : when;
}
