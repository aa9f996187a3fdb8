#include "wire/word.h"

#include <string.h>

const char *const word_journey[] = { [JOURNEY_RECOVER] = "recover" };

const char *const word_wish[] = {
	[WISH_NONE] = "none", [WISH_RESET] = "reset", [WISH_UNLOCK] = "unlock",
	[WISH_ACTIVATE] = "activate",
};

const char *const word_step[] = {
	[STEP_NAME] = "name", [STEP_PRICE] = "price", [STEP_WISH] = "wish", [STEP_PROOF] = "proof",
	[STEP_CODE] = "code", [STEP_SECOND] = "second", [STEP_PASSWORD] = "password",
	[STEP_SETTING] = "setting", [STEP_END] = "end",
};

const char *const word_outcome[] = {
	[OUTCOME_NONE] = "none", [OUTCOME_RESET] = "reset", [OUTCOME_UNLOCKED] = "unlocked",
	[OUTCOME_UNKNOWN] = "unknown", [OUTCOME_STOPPED] = "stopped", [OUTCOME_LEFT] = "left",
	[OUTCOME_ACTIVATED] = "activated",
};

const char *const word_field[] = {
	[FIELD_USERNAME] = "username", [FIELD_MOBILE] = "mobile", [FIELD_BIRTHDATE] = "birthdate",
	[FIELD_CAPTCHA] = "captcha", [FIELD_WISH] = "wish", [FIELD_CHOICE] = "choice",
	[FIELD_CODE] = "code", [FIELD_PASSWORD] = "password",
	[FIELD_PASSWORD_AGAIN] = "password_again", [FIELD_OLD_PASSWORD] = "old_password",
	[FIELD_DEVICE_NAME] = "device_name", [FIELD_DEVICE_NUMBER] = "device_number",
	[FIELD_ADDRESS] = "address", [FIELD_LANG] = "lang", [FIELD_QUERY] = "query",
	[FIELD_PERSON] = "person", [FIELD_NOTE] = "note", [FIELD_CONFIRM] = "confirm",
};

const char *const word_kind[] = {
	[KIND_TEXT] = "text", [KIND_PHONE] = "phone", [KIND_DATE] = "date", [KIND_CODE] = "code",
	[KIND_PASSWORD] = "password", [KIND_CHOICE] = "choice", [KIND_WORK] = "work",
	[KIND_RIDDLE] = "riddle",
};

const char *const word_pay[] = {
	[PAY_WORK] = "work", [PAY_WAIT] = "wait", [PAY_RIDDLE] = "riddle",
};

const char *const word_channel[] = {
	[CHANNEL_SMS] = "sms", [CHANNEL_VOICE] = "voice", [CHANNEL_PUSH] = "push",
	[CHANNEL_MAIL] = "mail", [CHANNEL__COUNT] = NULL,
};

const char *const word_rule[] = {
	[RULE_LENGTH] = "length", [RULE_LONGEST] = "longest", [RULE_CLASSES] = "classes",
	[RULE_NAME] = "name", [RULE_HISTORY] = "history", [RULE_AGE] = "age",
	[RULE_QUALITY] = "quality",
};

const char *const word_reason[] = {
	[REASON_NONE] = "none", [REASON_EMPTY] = "empty", [REASON_TOO_LONG] = "too_long",
	[REASON_BAD_VALUE] = "bad_value", [REASON_NOT_SAME] = "not_same",
	[REASON_WRONG_CODE] = "wrong_code", [REASON_RULE_LENGTH] = "rule_length",
	[REASON_RULE_LONGEST] = "rule_longest", [REASON_RULE_CLASSES] = "rule_classes",
	[REASON_RULE_NAME] = "rule_name", [REASON_RULE_HISTORY] = "rule_history",
	[REASON_RULE_AGE] = "rule_age", [REASON_RULE_QUALITY] = "rule_quality",
	[REASON_TOO_SOON] = "too_soon", [REASON_TOO_MANY] = "too_many",
	[REASON_EXPIRED] = "expired", [REASON_TRY_LATER] = "try_later",
	[REASON_TRY_AGAIN] = "try_again", [REASON_REFUSED] = "refused",
	[REASON_BAD_REQUEST] = "bad_request", [REASON_TOO_LARGE] = "too_large",
	[REASON_UNKNOWN_FLOW] = "unknown_flow", [REASON_WRONG_STEP] = "wrong_step",
	[REASON_WRONG_SEQ] = "wrong_seq", [REASON_BUSY_NETWORK] = "busy_network",
	[REASON_TOO_OFTEN] = "too_often", [REASON_NO_OTHER_WAY] = "no_other_way",
};

const char *const word_verdict[] = {
	[VERDICT_OK] = "ok", [VERDICT_NOBODY] = "nobody", [VERDICT_DISABLED] = "disabled",
	[VERDICT_PROTECTED] = "protected", [VERDICT_NO_PROOF] = "no_proof",
	[VERDICT_NO_MATCH] = "no_match", [VERDICT_RULE] = "rule", [VERDICT_TICKET] = "ticket",
	[VERDICT_LIMIT] = "limit", [VERDICT_FORBIDDEN] = "forbidden",
	[VERDICT_REJECTED] = "rejected", [VERDICT_UNAVAILABLE] = "unavailable",
	[VERDICT_UNKNOWN] = "unknown", [VERDICT_YOUNG] = "young",
	[VERDICT_IN_USE] = "in_use",
};

const char *const word_task[] = {
	[TASK_FIND] = "find", [TASK_MATCH] = "match", [TASK_WAYS] = "ways",
	[TASK_RULES] = "rules", [TASK_JUDGE] = "judge", [TASK_SET] = "set",
	[TASK_UNLOCK] = "unlock", [TASK_STATE] = "state", [TASK_PROBE] = "probe",
	[TASK_EXPLAIN] = "explain",
};

const char *const word_halt[] = {
	[HALT_SMS] = "sms", [HALT_RECOVER] = "recover", [HALT_ALL] = "all",
};

const char *const word_tally[] = {
	[TALLY_MESSAGES_HOUR] = "messages_hour", [TALLY_MESSAGES_DAY] = "messages_day",
	[TALLY_KNOWN_HOUR] = "known_messages_hour", [TALLY_KNOWN_DAY] = "known_messages_day",
	[TALLY_RESETS_DAY] = "resets_day", [TALLY_UNLOCKS_DAY] = "unlocks_day",
};

const char *const word_fault[] = {
	[FAULT_NONE] = "none", [FAULT_CHANGED] = "changed", [FAULT_MISSING] = "missing",
	[FAULT_MOVED] = "moved", [FAULT_ADDED] = "added", [FAULT_HEAD] = "head",
	[FAULT_STONE] = "stone", [FAULT_KEY] = "key",
};

int
word_find(const char *const *words, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(words[i], text) == 0)
			return (int)i;
	return -1;
}

enum reason
word_rule_reason(enum rule rule)
{
	return (enum reason)((int)REASON_RULE_LENGTH + (int)rule);
}

_Static_assert((int)REASON_RULE_QUALITY - (int)REASON_RULE_LENGTH == (int)RULE_QUALITY,
    "each rule has its reason, in the same order");
