/*
 * export.h - the audit as a file: one line of JSON a row, for whoever keeps it elsewhere.
 *
 * A row is written when it is committed.  The last line of the file says how far it came,
 * so after a crash nothing is missing and nothing is there twice; where the file was taken
 * away (logrotate) the store knows it, to the second.  The file is synced once a second:
 * what a power cut takes of it is still in the store, and is written again.
 */
#ifndef KEEPER_EXPORT_H
#define KEEPER_EXPORT_H

#include <stdint.h>

struct keeper;

/** export_confine(): ask the sandbox for the folder of the file. */
void export_confine(void);

/** export_open(keeper): begin, if the settings name a file. */
void export_open(struct keeper *);

/** export_rows(keeper): after each commit: write what is new. */
void export_rows(struct keeper *);

/** export_again(keeper): open the file again; it may have been moved away. */
void export_again(struct keeper *);

/** export_reached(keeper): rows up to this number are in the file; all, where there is none. */
int64_t export_reached(const struct keeper *);

void export_close(struct keeper *);

#endif
