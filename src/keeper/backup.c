#include "keeper/backup.h"

#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "keeper/audit.h"
#include "keeper/halt.h"
#include "keeper/keeper.h"
#include "keeper/seals.h"
#include "keeper/settings.h"

void
backup_become_owner(void)
{
	struct stat st;

	if (stat(settings.state, &st) == -1)
		fatal("%s", settings.state);
	if (geteuid() != 0 || st.st_uid == 0)
		return;
	if (setgroups(0, NULL) == -1 || setgid(st.st_gid) == -1 || setuid(st.st_uid) == -1)
		fatal("cannot become the owner of %s", settings.state);
}

int
backup_run(void)
{
	char why[STORE_WHY];

	backup_become_owner();
	if (store_copy_out(settings.state, STDOUT_FILENO, why, sizeof why) == 0)
		return 0;
	log_warnx("no copy was made of the store: %s", why);
	return 1;
}

/* What "cause; remedy" says of the store counts for a copy as far as it is the cause. */
static int
refuse(const char *why)
{
	store_drop_copy(settings.state);
	log_warnx("nothing was restored; of the copy: %.*s", (int)strcspn(why, ";"), why);
	return 1;
}

/*
 * A copy is of a time that is past.  Ways that were under way then may have been spent since:
 * none of them goes on, and none is opened a second time.
 */
static void
bring_up(struct keeper *k)
{
	int halts = store_halts_of(settings.state);

	store_drop_flows(k->store);
	/* What an admin, or too many wrong codes, halted since then, nobody has let go on. */
	if (halts != -1)
		store_put_halts(k->store, store_get_halts(k->store) | (unsigned int)halts);
	else
		log_warnx("what was halted after the copy was made is not known; if it is to stay so, "
		    "run latchkey halt once latchkey is up");
	halt_read(k);
	seals_refuse_openings(k);
	audit_add_admin(k, "restored", "ok", NULL);
}

int
restore_run(void)
{
	struct keeper k = { 0 };
	char why[STORE_WHY], beside[sizeof settings.state + 8];
	bool kept;

	backup_become_owner();
	if (store_lock(settings.state, KEEPER_LOCK) == -1) {
		log_warnx("nothing was restored: latchkeyd is at work; end it first: "
		    "systemctl stop latchkey.target");
		return 1;
	}
	snprintf(beside, sizeof beside, "%s/restore", settings.state);
	if (store_copy_in(settings.state, STDIN_FILENO, why, sizeof why) != 0 ||
	    (k.store = store_open(beside, why, sizeof why)) == NULL)
		return refuse(why);
	if (seals_open(&k, why, sizeof why) == -1) {
		store_close(k.store);
		return refuse(why);
	}
	bring_up(&k);
	kept = store_commit(k.store) == 0;
	if (!kept)
		snprintf(why, sizeof why, "%s", store_fault(k.store));
	store_close(k.store);
	if (!kept)
		return refuse(why);
	if (store_take_copy(settings.state) == -1) {
		log_warn("the copy is good, and could not take the place of the store in %s",
		    settings.state);
		return 1;
	}
	return 0;
}
