#include "courier/wording.h"

#define NO_OTHER_SITE "\n\n@{host} #{code}"

const char *const wording[] = {
	[TEXT_CODE] = "{code} is your recovery code for {organisation}, valid for {minutes} "
	    "minutes. Never give it to anyone." NO_OTHER_SITE,
	[TEXT_ACTIVATION] = "{code} is your activation code for {organisation}, valid for "
	    "{minutes} minutes. Never give it to anyone." NO_OTHER_SITE,
};
