#include "keeper/rekey.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/rekey.h"
#include "keeper/backup.h"
#include "keeper/keeper.h"
#include "keeper/seals.h"
#include "keeper/settings.h"

const char *rekey_name;

static const char *
file(void)
{
	if (strcmp(rekey_name, "code") == 0)
		return settings.code_key_file;
	return strcmp(rekey_name, "audit") == 0 ? settings.audit_key_file : NULL;
}

static int
tell(int r, const char *why)
{
	if (file() == NULL)
		log_warnx("\"%s\" is no key of keeper's; right is: code, or audit", rekey_name);
	else if (r == -1)
		log_warnx("the %s key stays as it is: %s", rekey_name, why);
	return r == 0 ? 0 : 1;
}

int
rekey_begin_run(void)
{
	char why[STORE_WHY] = "";

	return tell(file() == NULL ? -1 : rekey_begin(file(), why, sizeof why), why);
}

/* In a child, because the store is opened as its owner, and the key's file belongs to root. */
static void
look_in_store(const struct key *code_key, const struct key *audit_key)
{
	char why[STORE_WHY];
	struct keeper k = { 0 };
	int r = -1;

	/* Where keys are kept a child finds zeroes. */
	*settings.code_key = *code_key;
	*settings.audit_key = *audit_key;
	backup_become_owner();
	if ((k.store = store_open(settings.state, why, sizeof why)) != NULL) {
		r = strcmp(rekey_name, "code") == 0 ? seals_code_is_new(&k, why, sizeof why) :
		    seals_audit_is_new(&k, why, sizeof why);
		store_close(k.store);
	}
	exit(tell(r, why));
}

int
rekey_end_run(void)
{
	struct key code_key = *settings.code_key, audit_key = *settings.audit_key;
	char why[STORE_WHY] = "";
	int status = 0;
	pid_t pid;

	if (file() == NULL)
		return tell(-1, why);
	if ((pid = fork()) == 0)
		look_in_store(&code_key, &audit_key);
	key_wipe(&code_key);
	key_wipe(&audit_key);
	while (pid != -1 && waitpid(pid, &status, 0) == -1 && errno == EINTR)
		continue;
	if (pid == -1 || status != 0)
		return 1;
	return tell(rekey_end(file(), why, sizeof why), why);
}
