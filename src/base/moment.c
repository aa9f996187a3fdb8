#include "base/moment.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

const char *const moment_weekdays[] = {
	"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
};

const char *const moment_months[] = {
	"January", "February", "March", "April", "May", "June", "July", "August", "September",
	"October", "November", "December",
};

const char moment_form[] = "{weekday} {day} {month} {clock}";

int
moment_zone(const char *name)
{
	static bool ours;	/* what the environment said of it is not to be lost */
	char path[512];

	if (name[0] == '\0') {
		if (ours)
			unsetenv("TZ");
		ours = false;
		tzset();
		return 0;
	}
	snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
	if (name[0] == '/' || name[0] == '.' || strstr(name, "..") != NULL ||
	    access(path, R_OK) == -1)
		return -1;
	setenv("TZ", name, 1);
	ours = true;
	tzset();
	return 0;
}
