#include "portal/page/phrase.h"

#include "base/moment.h"

/* ---- Titles ---------------------------------------------------------------- */

static const char *const name_titles[WISH__COUNT] = {
	[WISH_NONE]	= "Can't sign in?",
	[WISH_RESET]	= "Forgot your password?",
	[WISH_UNLOCK]	= "Is your account locked?",
	[WISH_ACTIVATE]	= "Activate your account",
};

static const char *const step_titles[STEP__COUNT] = {
	[STEP_PRICE]	= "A short check",
	[STEP_WISH]	= "What is going wrong?",
	[STEP_PROOF]	= "Show that it is you",
	[STEP_CODE]	= "Enter the code",
	[STEP_SECOND]	= "Enter a second code",
	[STEP_PASSWORD]	= "Choose a new password",
	[STEP_SETTING]	= "One moment please",
};

static const char *const outcome_titles[OUTCOME__COUNT] = {
	[OUTCOME_NONE]		= "Something is not right",
	[OUTCOME_RESET]		= "Your new password is set",
	[OUTCOME_UNLOCKED]	= "Your account is unlocked",
	[OUTCOME_UNKNOWN]	= "We are not sure that it worked",
	[OUTCOME_STOPPED]	= "This can't go on here",
	[OUTCOME_LEFT]		= "You have stopped",
	[OUTCOME_ACTIVATED]	= "Your account is ready",
};

static const char too_young_title[] = "Your password can't be changed yet";
static const char missing[] = "There is no such page";
static const char own_name[] = "English";

const char *
phrase_missing(void)
{
	return missing;
}

const char *
phrase_own_name(void)
{
	return own_name;
}

/* Known beforehand: nothing can be typed, and it is said when it can. */
static bool
is_too_young(const struct msg_step *s)
{
	return s->reason == REASON_RULE_AGE && s->wait > 0;
}

const char *
phrase_title(const struct msg_step *s)
{
	if (s->refused)
		return outcome_titles[OUTCOME_NONE];
	if (s->step == STEP_NAME)
		return name_titles[s->wish];
	if (is_too_young(s))
		return too_young_title;
	return s->step == STEP_END ? outcome_titles[s->outcome] : step_titles[s->step];
}

/* ---- Reasons ----------------------------------------------------------------- */

static const char *const reasons[REASON__COUNT] = {
	[REASON_EMPTY]		= "Please fill this in.",
	[REASON_TOO_LONG]	= "This is too long. Please check what is typed here.",
	[REASON_BAD_VALUE]	= "This can't be read. Please check how it is written.",
	[REASON_NOT_SAME]	= "The two passwords are not the same. Please type both again.",
	[REASON_WRONG_CODE]	= "This code is not right. Please check it and try again.",
	[REASON_RULE_LENGTH]	= "This password is too short. Please choose a longer one.",
	[REASON_RULE_LONGEST]	= "This password is too long. Please choose a shorter one.",
	[REASON_RULE_CLASSES]	= "This password has too few kinds of characters. Mix capitals, "
				  "small letters, digits and other characters.",
	[REASON_RULE_NAME]	= "Your name may not be part of the password. Please choose another.",
	[REASON_RULE_HISTORY]	= "You have used this password before. Please choose another.",
	[REASON_RULE_AGE]	= "Your password was changed too recently to be changed again now. "
				  "The service desk can help you.",
	[REASON_RULE_QUALITY]	= "This password is too easy to guess, or is not allowed here. "
				  "Please choose another.",
	[REASON_TOO_SOON]	= "A code was sent just now. Please wait a moment before you ask for "
				  "another.",
	[REASON_TOO_MANY]	= "There have been too many tries. For your safety it stops here; you "
				  "can start again later.",
	[REASON_EXPIRED]	= "It took too long, so for your safety it was closed. You can start "
				  "again.",
	[REASON_TRY_LATER]	= "It doesn't work just now. Please try again in a few minutes.",
	[REASON_TRY_AGAIN]	= "Something went wrong on our side and nothing was changed. Please try "
				  "again.",
	[REASON_REFUSED]	= "This can't be done here. The service desk can help you.",
	[REASON_BAD_REQUEST]	= "What was sent can't be read. Please start again.",
	[REASON_TOO_LARGE]	= "What was sent is too large. Please start again.",
	[REASON_UNKNOWN_FLOW]	= "This page has been open too long or has been closed. Please start "
				  "again.",
	[REASON_WRONG_STEP]	= "This is not the step that you are at. Please go on with that one.",
	[REASON_WRONG_SEQ]	= "This answer belongs to an earlier page. Please go on with the last one.",
	[REASON_BUSY_NETWORK]	= "From the network that you are on, there have been too many tries in "
				  "vain. Please try again in an hour, or use another network, such as "
				  "your phone's own.",
	[REASON_TOO_OFTEN]	= "This has been done for your account several times within a day. For "
				  "your safety no more is done until a day has passed. The service desk "
				  "can help you.",
	[REASON_NO_OTHER_WAY]	= "{organisation} asks for a second code, which has to come another way "
				  "than the first one was sent, and there is none for you. Nothing has "
				  "been changed. Did you choose how the first one was sent? Then start "
				  "again, and let it come by text message. If not, the service desk can "
				  "help you.",
};

static const char sum_is_wrong[] = "The sum of your browser is not right. No harm is done: "
				   "please wait a moment.";

/* Where a field lets us say more. */
static const struct { enum reason reason; enum field at; const char *text; } reasons_at[] = {
	{ REASON_EMPTY, FIELD_USERNAME, "Please fill in your user name." },
	{ REASON_EMPTY, FIELD_MOBILE, "Please fill in your mobile number." },
	{ REASON_EMPTY, FIELD_BIRTHDATE, "Please fill in your date of birth." },
	{ REASON_EMPTY, FIELD_CODE, "Please fill in the code." },
	{ REASON_EMPTY, FIELD_PASSWORD, "Please choose a password." },
	{ REASON_EMPTY, FIELD_PASSWORD_AGAIN, "Please type the new password a second time." },
	{ REASON_EMPTY, FIELD_WISH, "Please choose one of these." },
	{ REASON_EMPTY, FIELD_CHOICE, "Please choose one of these." },
	{ REASON_BAD_VALUE, FIELD_WISH, "Please choose one of these." },
	{ REASON_TOO_LONG, FIELD_WISH, "Please choose one of these." },
	{ REASON_BAD_VALUE, FIELD_CHOICE, "Please choose one of these." },
	{ REASON_BAD_VALUE, FIELD_MOBILE, "This is not a mobile number. Write it like 0612345678 or "
	    "+31612345678." },
	{ REASON_BAD_VALUE, FIELD_BIRTHDATE, "This is not a date. Write day, month and year, like "
	    "1-10-1984." },
	{ REASON_BAD_VALUE, FIELD_CODE, "A code has digits only. Please type those of the message." },
	{ REASON_BAD_VALUE, FIELD_CAPTCHA, sum_is_wrong },
	{ REASON_EMPTY, FIELD_CAPTCHA, sum_is_wrong },
	{ REASON_TOO_LONG, FIELD_CAPTCHA, sum_is_wrong },
};

static const char riddle_is_empty[] = "Please type what you see, or hear.";
static const char riddle_is_wrong[] = "That is not it. Here is another one.";
static const char no_more_riddles[] = "That is not it either, and there are no more. Please wait a moment.";

enum { REASONS_AT = sizeof reasons_at / sizeof reasons_at[0] };

static const char no_more_codes[] = "No more codes can be sent now. Please type the code of the last message, "
				    "or start again.";
static const char too_young[] = "Your password was changed only a short time ago. You can choose a new "
				"one from {time}, or call the service desk.";

static const char *
phrase_riddle(const struct msg_step *s)
{
	return s->riddle.letters[0] == '\0' ? no_more_riddles :
	    s->reason == REASON_BAD_VALUE ? riddle_is_wrong : riddle_is_empty;
}

const char *
phrase_reason(const struct msg_step *s)
{
	if (is_too_young(s))
		return too_young;
	/* It is about messages there: the code of the last one is still good. */
	if ((s->step == STEP_CODE || s->step == STEP_SECOND) && s->reason == REASON_TOO_MANY && !s->refused)
		return no_more_codes;
	if (s->at_field && s->at == FIELD_CAPTCHA && s->work.puzzles == 0)
		return phrase_riddle(s);
	for (int i = 0; s->at_field && i < REASONS_AT; i++)
		if (reasons_at[i].reason == s->reason && reasons_at[i].at == s->at)
			return reasons_at[i].text;
	return reasons[s->reason];
}

/* ---- Rules --------------------------------------------------------------------- */

static const char *const rules[RULE__COUNT] = {
	[RULE_LENGTH]	= "At least {number} characters",
	[RULE_LONGEST]	= "At most {number} characters",
	[RULE_CLASSES]	= ("At least {number} of these: capitals, small letters, digits, other "
			  "characters"),
	[RULE_NAME]	= "Your name and user name are not in it",
	[RULE_HISTORY]	= "Not one of your last {number} passwords",
	[RULE_AGE]	= "Your password can be changed again from {time}",
	[RULE_QUALITY]	= "Not easy to guess",
};

const char *
phrase_rule(enum rule rule)
{
	return rules[rule];
}

/* ---- Fields ---------------------------------------------------------------------- */

static const struct { const char *label, *hint; } fields[FIELD__COUNT] = {
	[FIELD_USERNAME]	= { "User name", "The name that you sign in with at work, or your work "
				    "mail address" },
	[FIELD_MOBILE]		= { "Mobile number", "The number that {organisation} has on file for "
				    "you, like 0612345678" },
	[FIELD_BIRTHDATE]	= { "Date of birth", "Day, month and year, like 1-10-1984" },
	[FIELD_CAPTCHA]		= { "Solution of the sum", NULL },
	[FIELD_WISH]		= { "What do you want to do?", NULL },
	[FIELD_CHOICE]		= { "How do you want to get the code?", NULL },
	[FIELD_CODE]		= { "Code", NULL },
	[FIELD_PASSWORD]	= { "New password", NULL },
	[FIELD_PASSWORD_AGAIN]	= { "The same password again", NULL },
	[FIELD_OLD_PASSWORD]	= { "Present password", NULL },
	[FIELD_DEVICE_NAME]	= { "Name of the device", NULL },
	[FIELD_DEVICE_NUMBER]	= { "Number of the device", NULL },
	[FIELD_ADDRESS]		= { "Mail address", NULL },
	[FIELD_LANG]		= { "Language", NULL },
	[FIELD_QUERY]		= { "Search", NULL },
	[FIELD_PERSON]		= { "Person", NULL },
	[FIELD_NOTE]		= { "Extra detail", NULL },
	[FIELD_CONFIRM]		= { "I am sure", NULL },
};

static const char riddle_label[] = "What you see, or hear";
static const char riddle_hint[] = "Capitals or small letters, both will do";

const char *
phrase_label(enum field f, enum kind kind)
{
	return kind == KIND_RIDDLE ? riddle_label : fields[f].label;
}

const char *
phrase_hint(enum field f, enum kind kind)
{
	return kind == KIND_RIDDLE ? riddle_hint : fields[f].hint;
}

/* ---- Choices ------------------------------------------------------------------------ */

static const struct { const char *label, *more; } wishes[WISH__COUNT] = {
	[WISH_RESET]	= { "I forgot my password", "You choose a new password." },
	[WISH_UNLOCK]	= { "I know my password, but my account is locked",
			    "Your account is unlocked. Your password stays the same." },
	[WISH_ACTIVATE]	= { "My account is new",
			    "You choose your own password and can sign in for the first time." },
};

static const char *const channels[CHANNEL__COUNT] = {
	[CHANNEL_SMS]	= "Text message",
	[CHANNEL_VOICE]	= "Phone call",
	[CHANNEL_PUSH]	= "Message in the app",
	[CHANNEL_MAIL]	= "Mail",
};

const char *
phrase_choice(enum field field, unsigned int id, enum channel channel)
{
	return field == FIELD_WISH && wishes[id].label != NULL ? wishes[id].label : channels[channel];
}

const char *
phrase_choice_more(enum field field, unsigned int id)
{
	return field == FIELD_WISH ? wishes[id].more : NULL;
}

/* ---- All of them, for the catalogues' test ---------------------------------------------- */

static void
tell(void (*each)(const char *, void *), void *ctx, const char *text)
{
	if (text != NULL)
		each(text, ctx);
}

static void
tell_all(void (*each)(const char *, void *), void *ctx, const char *const *texts, int n)
{
	for (int i = 0; i < n; i++)
		tell(each, ctx, texts[i]);
}

void
phrase_each(void (*each)(const char *, void *), void *ctx)
{
	tell(each, ctx, missing);
	tell(each, ctx, own_name);
	tell(each, ctx, too_young_title);
	tell(each, ctx, too_young);
	tell(each, ctx, no_more_codes);
	tell(each, ctx, riddle_label);
	tell(each, ctx, riddle_hint);
	tell(each, ctx, riddle_is_empty);
	tell(each, ctx, riddle_is_wrong);
	tell(each, ctx, no_more_riddles);
	tell(each, ctx, moment_form);
	tell_all(each, ctx, moment_weekdays, WEEKDAYS);
	tell_all(each, ctx, moment_months, MONTHS);
	tell_all(each, ctx, name_titles, WISH__COUNT);
	tell_all(each, ctx, step_titles, STEP__COUNT);
	tell_all(each, ctx, outcome_titles, OUTCOME__COUNT);
	tell_all(each, ctx, reasons, REASON__COUNT);
	tell_all(each, ctx, rules, RULE__COUNT);
	tell_all(each, ctx, channels, CHANNEL__COUNT);
	for (int i = 0; i < REASONS_AT; i++)
		tell(each, ctx, reasons_at[i].text);
	for (int i = 0; i < FIELD__COUNT; i++) {
		tell(each, ctx, fields[i].label);
		tell(each, ctx, fields[i].hint);
	}
	for (int i = 0; i < WISH__COUNT; i++) {
		tell(each, ctx, wishes[i].label);
		tell(each, ctx, wishes[i].more);
	}
}
