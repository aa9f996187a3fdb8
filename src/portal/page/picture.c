#include "portal/page/picture.h"

#include <arpa/inet.h>
#include <math.h>
#include <string.h>
#include <zlib.h>

#include "base/log.h"
#include "portal/page/chance.h"

enum { WIDTH = 280, HEIGHT = 90, WHITE = 250, INK = 40 };

struct canvas {
	unsigned char	shade[HEIGHT][WIDTH];
	struct chance	chance;
	double		wave, phase;	/* what bends all of it */
};

struct point {
	double	x, y;
};

/* ---- The letters ---------------------------------------------------------------- */

/*
 * How each is written on a grid of five by seven: two digits a point, across and down, a
 * stroke from point to point, and a stop behind each stroke.
 */
static const struct {
	char		letter;
	const char	*strokes;
} letters[] = {
	{ 'A', "062046.1434." }, { 'C', "4130100105163645." }, { 'E', "40000646.0333." },
	{ 'F', "400006.0333." }, { 'H', "0006.4046.0343." }, { 'J', "4045361605." },
	{ 'K', "0006.400346." }, { 'L', "000646." }, { 'M', "0600234046." },
	{ 'N', "06004640." }, { 'P', "06003041423303." }, { 'R', "06003041423303.2346." },
	{ 'T', "0040.2026." }, { 'V', "002640." }, { 'W', "0016233640." }, { 'X', "0046.4006." },
	{ 'Y', "002340.2326." },
};
_Static_assert(sizeof letters / sizeof letters[0] == sizeof RIDDLE_LETTERS - 1, "each has a drawing");

static const char *
strokes_of(char letter)
{
	for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++)
		if (letters[i].letter == letter)
			return letters[i].strokes;
	return "";
}

/* ---- The pen --------------------------------------------------------------------- */

/* A round pen of that width, with a soft edge. */
static void
dot(struct canvas *c, struct point p, double width)
{
	double y = p.y + 4 * sin(p.x / c->wave + c->phase), reach = width / 2 + 1;

	for (int row = (int)(y - reach); row <= (int)(y + reach); row++)
		for (int at = (int)(p.x - reach); at <= (int)(p.x + reach); at++) {
			double across = at - p.x, down = row - y;
			double edge = sqrt(across * across + down * down) - width / 2;
			double shade = INK + (WHITE - INK) * fmin(fmax(edge, 0), 1);

			if (row >= 0 && row < HEIGHT && at >= 0 && at < WIDTH &&
			    shade < c->shade[row][at])
				c->shade[row][at] = (unsigned char)shade;
		}
}

static void
line(struct canvas *c, struct point from, struct point to, double width)
{
	int steps = (int)hypot(to.x - from.x, to.y - from.y) + 1;

	for (int i = 0; i <= steps; i++) {
		double part = (double)i / steps;

		dot(c, (struct point){ from.x + part * (to.x - from.x),
		    from.y + part * (to.y - from.y) }, width);
	}
}

/* ---- One letter, and what lies across ------------------------------------------------ */

/* How a letter lies: where its middle is, how large, how tilted, how slanted. */
struct pose {
	struct point	middle;
	double		wide, high, tilt, slant;
};

static struct point
place(const struct pose *p, const char *digits)
{
	double x = p->wide * (digits[0] - '2'), y = p->high * (digits[1] - '3');

	x -= p->slant * y;
	return (struct point){ p->middle.x + x * cos(p->tilt) - y * sin(p->tilt),
	    p->middle.y + x * sin(p->tilt) + y * cos(p->tilt) };
}

static void
write_letter(struct canvas *c, char letter, double middle)
{
	struct pose p = {
		.middle = { middle + chance_between(&c->chance, -3, 3),
		    HEIGHT / 2.0 + chance_between(&c->chance, -7, 7) },
		.wide = chance_between(&c->chance, 5, 6.5), .high = chance_between(&c->chance, 6.5, 8.5),
		.tilt = chance_between(&c->chance, -0.3, 0.3),
		.slant = chance_between(&c->chance, -0.25, 0.25),
	};
	double width = chance_between(&c->chance, 3, 4.2);

	for (const char *s = strokes_of(letter); s[0] != '\0' && s[1] != '\0'; s += 2) {
		if (s[2] == '.')
			s++;	/* the next stroke begins behind the stop */
		else
			line(c, place(&p, s), place(&p, s + 2), width);
	}
}

/* As dark as the letters, and as thick as the thinnest of them: whoever wipes them out wipes those. */
static void
cross_out(struct canvas *c)
{
	struct point from = { 0, chance_between(&c->chance, 15, HEIGHT - 15) };

	while (from.x < WIDTH) {
		struct point to = { from.x + chance_between(&c->chance, 40, 90),
		    chance_between(&c->chance, 15, HEIGHT - 15) };

		line(c, from, to, 2);
		from = to;
	}
}

static void
draw(struct canvas *c, const struct riddle *r)
{
	size_t n = strlen(r->letters);

	for (size_t i = 0; i < n; i++)
		write_letter(c, r->letters[i], WIDTH * ((double)i + 0.5) / (double)n);
	cross_out(c);
}

/* ---- The file ------------------------------------------------------------------------- */

static void
put_chunk(struct evbuffer *out, const char *type, const unsigned char *data, size_t len)
{
	uLong sum = crc32(crc32(0, (const unsigned char *)type, 4), data, (uInt)len);
	uint32_t size = htonl((uint32_t)len), check = htonl((uint32_t)sum);

	evbuffer_add(out, &size, sizeof size);
	evbuffer_add(out, type, 4);
	evbuffer_add(out, data, len);
	evbuffer_add(out, &check, sizeof check);
}

/* PNG, 8 bits of grey: before each row a byte that says that it is as it is. */
static void
put_png(struct evbuffer *out, const struct canvas *c)
{
	static const unsigned char sign[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };
	static const unsigned char head[] = { 0, 0, WIDTH >> 8, WIDTH & 255, 0, 0, HEIGHT >> 8,
	    HEIGHT & 255, 8, 0, 0, 0, 0 };
	unsigned char rows[HEIGHT][1 + WIDTH], packed[sizeof rows + 1024];
	uLongf len = sizeof packed;

	for (int y = 0; y < HEIGHT; y++) {
		rows[y][0] = 0;
		memcpy(rows[y] + 1, c->shade[y], WIDTH);
	}
	if (compress2(packed, &len, rows[0], sizeof rows, Z_BEST_SPEED) != Z_OK)
		fatalx("a picture was not packed");
	evbuffer_add(out, sign, sizeof sign);
	put_chunk(out, "IHDR", head, sizeof head);
	put_chunk(out, "IDAT", packed, len);
	put_chunk(out, "IEND", packed, 0);
}

void
picture_draw(const struct riddle *r, struct evbuffer *out)
{
	struct canvas c = { .chance = chance_of(r) };

	memset(c.shade, WHITE, sizeof c.shade);
	c.wave = chance_between(&c.chance, 22, 34);
	c.phase = chance_between(&c.chance, 0, 6);
	draw(&c, r);
	put_png(out, &c);
}
