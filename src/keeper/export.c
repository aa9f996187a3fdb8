#include "keeper/export.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/sandbox.h"
#include "base/text.h"
#include "keeper/audit.h"
#include "keeper/keeper.h"
#include "keeper/settings.h"

enum { ROWS_MOST = 200, LINE_LONGEST = 4096, TAIL = 2 * LINE_LONGEST, LINE_BEGINS = 10 };

struct export {
	int		 fd;		/* -1: it cannot be written to now, */
	bool		 refused;	/* or must not: it is not the file of this audit */
	bool		 failed;	/* that it cannot has been told */
	off_t		 size;		/* of whole lines */
	int64_t		 number;	/* of the last row that is in the file */
	bool		 synced;
	struct event	*timer;
	/* The lines of one write. */
	size_t		 len;
	char		 lines[ROWS_MOST * LINE_LONGEST / 4];
};

/* ---- A line ------------------------------------------------------------------------ */

static int
line(struct keeper *k, const struct audit_row *row, char *out, size_t size)
{
	char account[2 * ACCOUNT_SIZE + 1], mac[2 * HASH_SIZE + 1], reference[REFERENCE_TEXT];
	char who[6 * NAME_LONGEST + 3], addr[6 * ADDR_LONGEST + 3], when[32] = "", detail[512];
	bool named = settings.audit_file_names;
	time_t at = (time_t)row->at;
	struct msg_audit_row r;
	struct tm tm;

	audit_read(k, row, &r);
	if (gmtime_r(&at, &tm) != NULL)
		strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &tm);
	text_hex(account, r.account, sizeof r.account);
	text_hex(mac, r.mac, sizeof r.mac);
	reference_text(&r.flow, reference);
	text_json(who, sizeof who, r.who);
	text_json(addr, sizeof addr, r.addr);
	text_json(detail, sizeof detail, r.detail);
	return snprintf(out, size, "{\"number\":%lld,\"at\":\"%s\",\"what\":\"%s\",\"outcome\":\"%s\","
	    "\"detail\":%s,\"account\":\"%s\",\"reference\":\"%s\",%s%s%s%s%s\"generation\":%u,"
	    "\"mac\":\"%s\"}\n", (long long)r.number, when, r.what, r.outcome, detail, account,
	    reference, named ? "\"who\":" : "", named ? who : "", named ? ",\"addr\":" : "",
	    named ? addr : "", named ? "," : "", (unsigned int)r.generation, mac);
}

/* ---- When -------------------------------------------------------------------------- */

enum { AT_ONCE = 0, SYNC_MS = 1000, AGAIN_MS = 5000 };

static void
after(struct export *x, int ms)
{
	const struct timeval tv = { .tv_sec = ms / 1000 };

	if (ms == AT_ONCE || !evtimer_pending(x->timer, NULL))
		evtimer_add(x->timer, &tv);
}

/* Rows wait in the store, and are not swept there, until it can. */
static void
fail(struct export *x, const char *what)
{
	if (!x->failed)
		log_warn("keeper.audit_file: %s cannot be %s; rows wait in the store until it can",
		    settings.audit_file, what);
	x->failed = true;
	if (x->fd != -1)
		close(x->fd);
	x->fd = -1;
	after(x, AGAIN_MS);
}

/* ---- Where the file ends -------------------------------------------------------------- */

static void
refuse(struct export *x, const char *why)
{
	log_warnx("keeper.audit_file: %s %s: nothing is written to it; move it away, then "
	    "latchkey reload", settings.audit_file, why);
	close(x->fd);
	x->fd = -1;
	x->refused = true;
}

static bool
is_ours(const char *line, size_t len)
{
	return strncmp(line, "{\"number\":", len < LINE_BEGINS ? len : LINE_BEGINS) == 0;
}

/*
 * What stands behind the last whole line a crash left of a row that is still in the store:
 * cut it off.  Return 0, or -1 if this is no file of ours.
 */
static int
cut_torn(struct export *x, const char *tail, size_t *len)
{
	size_t whole = *len, at;

	while (whole > 0 && tail[whole - 1] != '\n')
		whole--;
	for (at = whole; at > 1 && tail[at - 2] != '\n'; at--)
		continue;
	at -= at > 0;
	if ((at == 0 && x->size > (off_t)*len) || !is_ours(tail + at, *len - at))
		return -1;
	x->size -= (off_t)(*len - whole);
	if (whole < *len && ftruncate(x->fd, x->size) == -1)
		return -1;
	*len = whole;
	return 0;
}

struct last {
	int64_t		 number;
	const char	*mac;
	bool		 same;
};

static void
compare(void *ctx, const struct audit_row *row)
{
	struct last *l = ctx;
	char mac[2 * HASH_SIZE + 1];

	text_hex(mac, row->mac, sizeof row->mac);
	/* It may be kept in the file alone by now. */
	l->same = row->number != l->number || strncmp(mac, l->mac, sizeof mac - 1) == 0;
}

/* Is the last line one of ours, and does the store have that row too, or have had it? */
static void
read_last(struct keeper *k, struct export *x, char *tail, size_t len)
{
	struct msg_audit ask = { .most = 1 };
	struct last last = { .same = true };
	char *at = tail + len - 1;

	*at = '\0';
	while (at > tail && at[-1] != '\n')
		at--;
	last.mac = strstr(at, "\"mac\":\"");
	if (last.mac == NULL) {
		refuse(x, "ends with a line that is not of the audit");
		return;
	}
	last.mac += 7;
	last.number = strtoll(at + LINE_BEGINS, NULL, 10);
	ask.after = last.number - 1;
	if (last.number > chain_head(k)->number) {
		refuse(x, "has rows that the store has not, so an older store was put back, or rows "
		    "were removed (see latchkey audit verify)");
		return;
	}
	store_list_audit(k->store, &ask, NULL, compare, &last);
	if (last.same)
		x->number = last.number;
	else
		refuse(x, "has another row than the store at its last number, so an older store was "
		    "put back (see latchkey audit verify)");
}

/* ${out}: where the file is; false if that is nowhere in particular. */
static bool
folder_of(char out[sizeof settings.audit_file])
{
	char *slash;

	snprintf(out, sizeof settings.audit_file, "%s", settings.audit_file);
	if ((slash = strrchr(out, '/')) == NULL)
		return false;
	*slash = '\0';
	return true;
}

/* A file that is new must not be gone after a power cut, with what was synced of it. */
static void
sync_folder(void)
{
	char folder[sizeof settings.audit_file];
	int fd = folder_of(folder) ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	if (fd == -1 || fsync(fd) == -1)
		log_warn("keeper.audit_file: the folder of %s cannot be synced", settings.audit_file);
	if (fd != -1)
		close(fd);
}

static void
open_file(struct keeper *k, struct export *x)
{
	char tail[TAIL + 1];
	struct stat st;
	ssize_t n;

	x->fd = -1;
	if (k->store == NULL) {
		after(x, AGAIN_MS);
		return;
	}
	x->number = store_get_exported(k->store);
	x->fd = open(settings.audit_file, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (x->fd == -1 || fstat(x->fd, &st) == -1) {
		fail(x, "opened");
		return;
	}
	x->size = st.st_size;
	if (st.st_size == 0)
		sync_folder();
	n = pread(x->fd, tail, TAIL, st.st_size > TAIL ? st.st_size - TAIL : 0);
	if (n > 0) {
		size_t len = (size_t)n;

		if (cut_torn(x, tail, &len) == -1) {
			refuse(x, "is not a file of the audit");
			return;
		}
		if (len > 0)
			read_last(k, x, tail, len);
	}
}

/* ---- Writing ---------------------------------------------------------------------------- */

struct writing {
	struct keeper	*keeper;
	struct export	*export;
	int64_t		 number;
	unsigned int	 rows;
};

static void
take_row(void *ctx, const struct audit_row *row)
{
	struct writing *w = ctx;
	struct export *x = w->export;
	int n;

	if (sizeof x->lines - x->len < LINE_LONGEST)
		return;
	if ((n = line(w->keeper, row, x->lines + x->len, LINE_LONGEST)) <= 0 || n >= LINE_LONGEST)
		abort();
	x->len += (size_t)n;
	w->number = row->number;
	w->rows++;
}

static bool
write_all(struct export *x)
{
	size_t done = 0;
	ssize_t n;

	while (done < x->len) {
		if ((n = write(x->fd, x->lines + done, x->len - done)) == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		done += (size_t)n;
	}
	x->size += (off_t)x->len;
	return true;
}

void
export_rows(struct keeper *k)
{
	struct export *x = k->export;
	struct msg_audit ask = { .most = ROWS_MOST };
	struct writing w = { .keeper = k, .export = x };

	if (x == NULL || k->store == NULL || x->fd == -1 || x->number >= chain_head(k)->number)
		return;
	x->len = 0;
	ask.after = x->number;
	store_list_audit(k->store, &ask, NULL, take_row, &w);
	if (w.rows == 0)
		return;
	if (!write_all(x)) {
		/* What stands there of it is cut off when the file is opened again. */
		fail(x, "written to");
		return;
	}
	x->number = w.number;
	x->synced = x->failed = false;
	after(x, x->number < chain_head(k)->number ? AT_ONCE : SYNC_MS);
}

/* ---- From the start to the end -------------------------------------------------------------- */

static void
settle(struct keeper *k)
{
	struct export *x = k->export;

	if (x->fd == -1 || x->synced || k->store == NULL)
		return;
	if (fdatasync(x->fd) == -1) {
		fail(x, "synced");
		return;
	}
	store_put_exported(k->store, x->number);
	x->synced = true;
}

static void
on_timer(evutil_socket_t none, short what, void *arg)
{
	struct keeper *k = arg;

	(void)none;
	(void)what;
	if (k->export->fd == -1 && !k->export->refused)
		open_file(k, k->export);
	else
		settle(k);
}

void
export_confine(void)
{
	char folder[sizeof settings.audit_file];

	if (folder_of(folder))
		sandbox_write(folder);
}

void
export_open(struct keeper *k)
{
	if (settings.audit_file[0] == '\0')
		return;
	if ((k->export = calloc(1, sizeof *k->export)) == NULL ||
	    (k->export->timer = evtimer_new(k->base, on_timer, k)) == NULL)
		fatalx("no memory");
	k->export->synced = true;
	open_file(k, k->export);
}

void
export_again(struct keeper *k)
{
	struct export *x = k->export;

	if (x == NULL)
		return;
	settle(k);
	if (x->fd != -1)
		close(x->fd);
	x->refused = x->failed = false;
	open_file(k, x);
}

int64_t
export_reached(const struct keeper *k)
{
	return k->export == NULL ? INT64_MAX : k->export->number;
}

void
export_close(struct keeper *k)
{
	if (k->export == NULL)
		return;
	settle(k);
	if (k->store != NULL)
		store_commit(k->store);
	if (k->export->fd != -1)
		close(k->export->fd);
	event_free(k->export->timer);
	free(k->export);
	k->export = NULL;
}
