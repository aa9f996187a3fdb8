/*
 * conf.h - settings by table.
 *
 * Each program has one table for each section of the file that it reads.  The
 * table is all there is to say about a setting: its kind, range, default, its
 * place in the program's struct, and one line of help.  It feeds the reader, the
 * check and the manual's list; etc/latchkey.conf is written by hand, and a test misses
 * what is not in it.  A name that no table knows is a mistake, told with the file, the
 * line and the nearest name that is known.  What is copied at start goes into the room's
 * list of fixed settings, or is taken up again by its reload.
 */
#ifndef BASE_CONF_H
#define BASE_CONF_H

#include <stdbool.h>
#include <stddef.h>

enum conf_kind {
	CONF_TEXT,	/* char[size]; least and most are lengths in bytes */
	CONF_NUMBER,	/* int, least to most */
	CONF_BOOL,	/* bool */
	CONF_WORD,	/* int: the place of the word in ${words} */
	CONF_WORDS,	/* unsigned int: a bit for each word of the list */
	CONF_TEXTS,	/* char[most][size]; the count is at ${count} */
	CONF_GROUP,	/* a struct of its own, ${table} says what is in it */
	CONF_ROWS	/* a list of up to ${most} such structs of ${size} bytes; count at ${count} */
};

struct setting {
	const char		 *name;
	enum conf_kind		  kind;
	size_t			  at;		/* offset in the struct that is filled */
	size_t			  size;
	size_t			  count;	/* offset of a size_t */
	long			  least, most;
	const char		 *fallback;	/* the default as one would type it, lists with
						   blanks between; NULL: must be set */
	const char *const	 *words;	/* ends with NULL */
	const struct setting	 *table;
	const char		 *help;
};

/* For the tables; S is the struct, F its member. */
#define CONF_IS_TEXT(n, S, F, lo, def, hlp) \
	{ .name = n, .kind = CONF_TEXT, .at = offsetof(S, F), .size = sizeof(((S *)0)->F), \
	  .least = lo, .most = sizeof(((S *)0)->F) - 1, .fallback = def, .help = hlp }
#define CONF_IS_NUMBER(n, S, F, lo, hi, def, hlp) \
	{ .name = n, .kind = CONF_NUMBER, .at = offsetof(S, F), .least = lo, .most = hi, \
	  .fallback = def, .help = hlp }
#define CONF_IS_BOOL(n, S, F, def, hlp) \
	{ .name = n, .kind = CONF_BOOL, .at = offsetof(S, F), .fallback = def, .help = hlp }
#define CONF_IS_WORD(n, S, F, wrds, def, hlp) \
	{ .name = n, .kind = CONF_WORD, .at = offsetof(S, F), .words = wrds, .fallback = def, \
	  .help = hlp }
#define CONF_IS_WORDS(n, S, F, wrds, def, hlp) \
	{ .name = n, .kind = CONF_WORDS, .at = offsetof(S, F), .words = wrds, .fallback = def, \
	  .help = hlp }
#define CONF_IS_TEXTS(n, S, F, N, lo, def, hlp) \
	{ .name = n, .kind = CONF_TEXTS, .at = offsetof(S, F), .size = sizeof(((S *)0)->F[0]), \
	  .count = offsetof(S, N), .least = lo, \
	  .most = sizeof(((S *)0)->F) / sizeof(((S *)0)->F[0]), .fallback = def, .help = hlp }
#define CONF_IS_GROUP(n, S, F, tbl, hlp) \
	{ .name = n, .kind = CONF_GROUP, .at = offsetof(S, F), .table = tbl, .fallback = "", \
	  .help = hlp }
#define CONF_IS_ROWS(n, S, F, N, lo, tbl, hlp) \
	{ .name = n, .kind = CONF_ROWS, .at = offsetof(S, F), .size = sizeof(((S *)0)->F[0]), \
	  .count = offsetof(S, N), .least = lo, \
	  .most = sizeof(((S *)0)->F) / sizeof(((S *)0)->F[0]), .table = tbl, \
	  .fallback = "", .help = hlp }

/* A section of the file.  The one without name holds what stands outside any group. */
struct conf_section {
	const char		*name;
	const struct setting	*table;	/* NULL: another program's, not looked into */
	void			*out;		/* ${size} bytes */
	size_t			 size;
	bool			 part;	/* another program's, of which the table is only a part */
};

/* Told for each mistake: where (line 0: nowhere in particular), which, and what mends it. */
typedef void conf_fault_fn(void *ctx, int line, const char *setting, const char *text);

/**
 * conf_read(path, sections, fault, ctx):
 * Fill every section of ${sections}, which end with CONF_END, from the file at ${path}.  Return how many mistakes there were; with
 * any, what was filled must not be used.
 */
int conf_read(const char *path, const struct conf_section *sections, conf_fault_fn *fault,
    void *ctx);

/* Told of a setting of the file that does not count before the next start. */
typedef void conf_later_fn(const char *setting);

/**
 * conf_read_again(path, sections, fixed, later, fault, ctx):
 * Likewise, into settings that are in use.  With a mistake nothing of them changes, else
 * all at once, but for those that ${fixed} names ("runtime", "keeper.state"; ends with
 * NULL): they stay, and ${later}, unless it is NULL, is told of each that is another now.
 */
int conf_read_again(const char *path, const struct conf_section *sections,
    const char *const *fixed, conf_later_fn *later, conf_fault_fn *fault, void *ctx);

/**
 * conf_where(out, path, line, setting):
 * Where a mistake is: "FILE:LINE: SETTING", without a line that is 0 or a setting that is "".
 */
enum { CONF_WHERE = 4800 };
void conf_where(char out[CONF_WHERE], const char *path, int line, const char *setting);

/** conf_list(sections): print each setting, a line each, tab-separated: the manual's source. */
void conf_list(const struct conf_section *sections);

#define CONF_END { .name = "", .table = NULL, .out = NULL }
#define CONF_IS_END(s)	   ((s)->name != NULL && (s)->name[0] == '\0')

#endif
