/*
 * gallery.h - the pages of preview.h as files that a browser opens from disk.
 */
#ifndef PORTAL_GALLERY_H
#define PORTAL_GALLERY_H

/** Set by the option --preview: the folder to make. */
extern const char *gallery_folder;

/**
 * gallery_run():
 * Write LANG/STATE.html for every language and state, what these need beside them,
 * and an index.html that shows them.  Return the exit status.
 */
int gallery_run(void);

#endif
