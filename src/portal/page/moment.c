#include "portal/page/moment.h"

#include <stdio.h>
#include <time.h>

#include "base/moment.h"
#include "portal/page/fill.h"

void
moment_text(const struct lang *lang, int64_t at, char *out, size_t size)
{
	time_t minute = (time_t)((at + 59) / 60 * 60);
	struct tm tm = { 0 };
	json_t *values;
	char clock[16];

	localtime_r(&minute, &tm);
	snprintf(clock, sizeof clock, "%02d:%02d", tm.tm_hour, tm.tm_min);
	values = json_pack("{s:s, s:i, s:s, s:s}",
	    "weekday", lang_text(lang, moment_weekdays[tm.tm_wday]), "day", tm.tm_mday,
	    "month", lang_text(lang, moment_months[tm.tm_mon]), "clock", clock);
	fill_text(out, size, lang_text(lang, moment_form), values);
	json_decref(values);
}
