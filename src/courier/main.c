/*
 * latchkey-courier - takes codes to people, through gateways.
 */
#include "base/program.h"
#include "courier/desk.h"
#include "courier/settings.h"
#include "wire/house.h"

static const struct program program = {
	.name = "latchkey-courier",
	.sections = courier_sections,
	.log = &house.log,
	.check = courier_check,
	.reload = courier_check,
	.fixed = courier_fixed,
	.run = desk_run,
};

int
main(int argc, char **argv)
{
	return program_main(&program, argc, argv);
}
