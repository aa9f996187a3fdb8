/*
 * latchkeyd - the keeper: decides, and is reached by nobody but its peers.
 */
#include "base/program.h"
#include "keeper/backup.h"
#include "keeper/desk.h"
#include "keeper/rekey.h"
#include "keeper/settings.h"
#include "wire/house.h"

static const char *none;

static const struct program_option options[] = {
	{ .name = "backup", .value = &none, .run = backup_run },
	{ .name = "restore", .value = &none, .run = restore_run },
	{ .name = "rekey", .argument = "KEY", .value = &rekey_name, .run = rekey_begin_run },
	{ .name = "rekey-end", .argument = "KEY", .value = &rekey_name, .run = rekey_end_run },
	{ .name = NULL },
};

static const struct program program = {
	.name = "latchkeyd",
	.options = options,
	.sections = keeper_sections,
	.log = &house.log,
	.check = keeper_check,
	.reload = desk_reload,
	.fixed = keeper_fixed,
	.run = desk_run,
};

int
main(int argc, char **argv)
{
	return program_main(&program, argc, argv);
}
