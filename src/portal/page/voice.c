#include "portal/page/voice.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/finding.h"
#include "base/log.h"
#include "portal/page/chance.h"
#include "portal/settings.h"

enum {
	DIGITS = 10,
	RATE = 8000, SILENCE = 128,	/* a byte a sample */
	HEAD_SIZE = 44, RECORDING_LONGEST = 2 * RATE
};

/* All heads are alike but for two sizes: ours and those that we read. */
static const unsigned char head[HEAD_SIZE] = {
	'R', 'I', 'F', 'F', 0, 0, 0, 0, 'W', 'A', 'V', 'E', 'f', 'm', 't', ' ', 16, 0, 0, 0,
	1, 0, 1, 0, RATE & 255, RATE >> 8, 0, 0, RATE & 255, RATE >> 8, 0, 0, 1, 0, 8, 0,
	'd', 'a', 't', 'a', 0, 0, 0, 0,
};
enum { WHOLE_AT = 4, SAMPLES_AT = 40 };

struct recording {
	size_t		len;
	unsigned char	sample[RECORDING_LONGEST + 1];
};

struct voice {
	char			 tag[LANG_LONGEST + 1];
	struct recording	*digits;	/* ten of them */
};

static struct voices {
	size_t		n;
	struct voice	voice[LANGUAGES_MOST];
} now;

/* ---- Recordings ------------------------------------------------------------------ */

static size_t
get_size(const unsigned char *at)
{
	return (size_t)at[0] | (size_t)at[1] << 8 | (size_t)at[2] << 16 | (size_t)at[3] << 24;
}

/* As many samples as it says, behind a head like ours, and nothing else but what makes it even. */
static bool
is_like_ours(const unsigned char *theirs, size_t read)
{
	size_t len = get_size(theirs + SAMPLES_AT);

	return memcmp(theirs, head, WHOLE_AT) == 0 &&
	    memcmp(theirs + WHOLE_AT + 4, head + WHOLE_AT + 4, SAMPLES_AT - WHOLE_AT - 4) == 0 &&
	    len > 0 && len <= RECORDING_LONGEST && read == len + len % 2;
}

static int
read_recording(const char *path, struct recording *r)
{
	unsigned char theirs[HEAD_SIZE];
	FILE *f = fopen(path, "rbe");
	bool good;

	if (f == NULL) {
		finding_fault("portal.share", "%s cannot be read: %s", path, strerror(errno));
		return -1;
	}
	good = fread(theirs, 1, sizeof theirs, f) == sizeof theirs;
	r->len = fread(r->sample, 1, sizeof r->sample, f);
	good = good && is_like_ours(theirs, r->len);
	r->len = good ? get_size(theirs + SAMPLES_AT) : 0;
	fclose(f);
	if (!good)
		finding_fault("portal.share", "%s is no WAV of at most two seconds, one channel, "
		    "8000 samples a second, of 8 bits each, with nothing else in it", path);
	return good ? 0 : -1;
}

/* A language without a folder has no voice, and riddles in it are there to be seen only. */
static int
read_voice(struct voices *all, const char *tag)
{
	struct voice *v = &all->voice[all->n];
	char path[400];

	snprintf(path, sizeof path, "%s/sound/%s", settings.share, tag);
	if (access(path, F_OK) == -1)
		return 0;
	snprintf(v->tag, sizeof v->tag, "%s", tag);
	if ((v->digits = calloc(DIGITS, sizeof *v->digits)) == NULL)
		fatal("no memory");
	all->n++;
	for (int digit = 0; digit < DIGITS; digit++) {
		snprintf(path, sizeof path, "%s/sound/%s/%d.wav", settings.share, tag, digit);
		if (read_recording(path, &v->digits[digit]) == -1)
			return -1;
	}
	return 0;
}

static void
voices_free(struct voices *all)
{
	for (size_t i = 0; i < all->n; i++)
		free(all->voice[i].digits);
	all->n = 0;
}

int
voice_start(void)
{
	struct voices new = { .n = 0 };
	const struct lang *l;
	int r = 0;

	for (size_t i = 0; (l = lang_at(i)) != NULL; i++)
		if (read_voice(&new, l->tag) == -1)
			r = -1;
	voices_free(r == 0 ? &now : &new);
	if (r == 0)
		now = new;
	return r;
}

/* ---- Speech ------------------------------------------------------------------------- */

struct speech {
	struct evbuffer	*out;
	struct chance	 chance;
};

/* Never quite still. */
static void
put_sample(struct speech *s, double loudness)
{
	unsigned char sample = (unsigned char)(SILENCE + loudness +
	    chance_between(&s->chance, -3, 4));

	evbuffer_add(s->out, &sample, 1);
}

static void
pause_for(struct speech *s, double seconds)
{
	for (int i = 0; i < (int)(seconds * RATE); i++)
		put_sample(s, 0);
}

/* Faster or slower, and so higher or lower; louder or softer. */
static void
say(struct speech *s, const struct recording *r)
{
	double speed = chance_between(&s->chance, 0.85, 1.15);
	double loud = chance_between(&s->chance, 0.7, 0.95);

	for (double at = 0; at < (double)r->len - 1; at += speed) {
		size_t i = (size_t)at;
		double part = at - (double)i;

		put_sample(s, loud * ((1 - part) * r->sample[i] + part * r->sample[i + 1] - SILENCE));
	}
}

static void
put_size(unsigned char *at, size_t size)
{
	for (int i = 0; i < 4; i++)
		at[i] = (unsigned char)(size >> 8 * i);
}

static void
put_wav(struct evbuffer *out, struct evbuffer *samples)
{
	size_t len = evbuffer_get_length(samples);
	unsigned char own[HEAD_SIZE];

	memcpy(own, head, sizeof own);
	put_size(own + WHOLE_AT, sizeof own - WHOLE_AT - 4 + len);
	put_size(own + SAMPLES_AT, len);
	evbuffer_add(out, own, sizeof own);
	evbuffer_add_buffer(out, samples);
}

static const struct voice *
voice_of(const struct lang *lang)
{
	for (size_t i = 0; i < now.n; i++)
		if (strcmp(now.voice[i].tag, lang->tag) == 0)
			return &now.voice[i];
	return NULL;
}

int
voice_say(const struct riddle *r, const struct lang *lang, struct evbuffer *out)
{
	const struct voice *v = voice_of(lang);
	struct speech s = { .chance = chance_of(r) };

	if (v == NULL)
		return -1;
	if ((s.out = evbuffer_new()) == NULL)
		fatal("no memory");
	pause_for(&s, 0.5);
	for (const char *digit = r->digits; *digit != '\0'; digit++) {
		say(&s, &v->digits[*digit - '0']);
		pause_for(&s, chance_between(&s.chance, 0.3, 0.6));
	}
	put_wav(out, s.out);
	evbuffer_free(s.out);
	return 0;
}
