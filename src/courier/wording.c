#include "courier/wording.h"

#define NO_OTHER_SITE "\n\n@{host} #{code}"

const struct wording wording[] = {
	[TEXT_CODE] = {
		"{code} is your recovery code for {organisation}, valid for {minutes} "
		"minutes. Never give it to anyone." NO_OTHER_SITE,
		"Your recovery code for {organisation}",
		"{code} is your recovery code for {organisation}, valid for {minutes} "
		"minutes. Never give it to anyone.",
		true,
	},
	[TEXT_ACTIVATION] = {
		"{code} is your activation code for {organisation}, valid for "
		"{minutes} minutes. Never give it to anyone." NO_OTHER_SITE,
		"Your activation code for {organisation}",
		"{code} is your activation code for {organisation}, valid for "
		"{minutes} minutes. Never give it to anyone.",
		true,
	},
	[TEXT_RESET] = {
		"Your password for {organisation} was changed on {time}. Was this not you? "
		"Tell us at once: {desk}",
		"Your password for {organisation} was changed",
		"Your password for {organisation} was changed on {time}.",
		false,
	},
	[TEXT_UNLOCKED] = {
		"Your account at {organisation} was unlocked on {time}. Was this not you? "
		"Tell us at once: {desk}",
		"Your account at {organisation} was unlocked",
		"Your account at {organisation} was unlocked on {time}.",
		false,
	},
	[TEXT_ACTIVATED] = {
		"Your account at {organisation} got its first password on {time}. Was this not "
		"you? Tell us at once: {desk}",
		"Your account at {organisation} was activated",
		"Your account at {organisation} got its first password on {time}.",
		false,
	},
};

const char wording_below_code[] =
    "Did you not ask for a code? Then ignore this message: without the code nothing changes.";

const char wording_below_notice[] =
    "Was this you? Then you need not do anything.\n\n"
    "Was this not you? Then somebody else may have your account. Tell us at once: {desk}\n\n"
    "This message was sent by itself, and nobody reads answers to it. It asks you for nothing, "
    "and there is nothing in it to click on.";

const char wording_desk[] = "the service desk";

void
wording_each(void (*each)(const char *, void *), void *ctx)
{
	for (int i = 0; i < TEXT__COUNT; i++) {
		each(wording[i].sms, ctx);
		each(wording[i].subject, ctx);
		each(wording[i].mail, ctx);
	}
	each(wording_below_code, ctx);
	each(wording_below_notice, ctx);
	each(wording_desk, ctx);
}
