/*
 * latchkey-registrar - the one that speaks to the directory.
 *
 * The way of a request: parent forks workers; worker.c receives it; answer.c has
 * its handler; ticket.c says whom it is about; guard.c whether they may be helped;
 * account.c, proof.c and password.c do it, in the words of a dialect; what stands
 * behind ldap.h speaks.  doc/DESIGN draws it.
 */
#include "base/program.h"
#include "registrar/check/canary.h"
#include "registrar/check/check.h"
#include "registrar/hash_list.h"
#include "registrar/parent.h"
#include "registrar/settings.h"
#include "registrar/ticket.h"
#include "wire/house.h"

int
main(int argc, char **argv)
{
	static const struct program_option options[] = {
		{ .name = "hash-proofs", .argument = "FIELD", .value = &hash_list_field,
		    .run = hash_list_run },
		{ .name = "rekey", .argument = "KEY", .value = &ticket_rekey_name, .run = ticket_rekey_run },
		{ .name = "rekey-end", .argument = "KEY", .value = &ticket_rekey_name,
		    .run = ticket_rekey_end_run },
		{ .name = "canary", .argument = "USER", .value = &canary_name, .checks = true },
		{ .name = NULL },
	};
	static const struct program program = {
		.name = "latchkey-registrar",
		.sections = registrar_sections,
		.log = &house.log,
		.options = options,
		.check = check_all,
		.reload = check_all,
		.fixed = registrar_fixed,
		.run = parent_run,
	};

	return program_main(&program, argc, argv);
}
