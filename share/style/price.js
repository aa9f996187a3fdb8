/*
 * The sum that a browser works out instead of its person (doc/DESIGN, The price).  If
 * anything fails here, the page goes on by itself when its time has come.
 */
'use strict';

(function () {
	var field = document.getElementById('captcha');
	var ring = document.getElementById('ring');
	var DIGITS = 5, NONCES = 1 << 20, SLICE_MS = 24;

	/* ---- SHA-256 of one block ------------------------------------------------ */

	/*
	 * Of our own: what the browser has answers later, which for a few bytes takes many
	 * times as long, and is not there at all where a page came without TLS.
	 */
	var primes = [], n = 2;

	function isPrime(number) {
		return primes.every(function (prime) {
			return number % prime !== 0;
		});
	}

	/* The first 32 bits behind the point. */
	function fraction(number) {
		return (number - Math.floor(number)) * 4294967296 | 0;
	}

	for (; primes.length < 64; n++)
		if (isPrime(n))
			primes.push(n);
	var rounds = new Int32Array(primes.map(Math.cbrt).map(fraction));
	var begin = new Int32Array(primes.slice(0, 8).map(Math.sqrt).map(fraction));
	var words = new Int32Array(64);

	/* The first 32 bits of the hash of what stands in words[0] to words[15]. */
	function hash() {
		var a = begin[0], b = begin[1], c = begin[2], d = begin[3];
		var e = begin[4], f = begin[5], g = begin[6], h = begin[7];
		var i, x, y;

		for (i = 16; i < 64; i++) {
			x = words[i - 15];
			y = words[i - 2];
			words[i] = words[i - 16] + words[i - 7] +
			    ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3) +
			    ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10) | 0;
		}
		for (i = 0; i < 64; i++) {
			x = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) +
			    (g ^ e & (f ^ g)) + rounds[i] + words[i] | 0;
			y = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) +
			    (a & b | c & (a | b)) | 0;
			h = g;
			g = f;
			f = e;
			e = d + x | 0;
			d = c;
			c = b;
			b = a;
			a = x + y | 0;
		}
		return a + begin[0] | 0;
	}

	/* ---- The puzzles ---------------------------------------------------------- */

	function letters(text, at) {
		return text.charCodeAt(at) << 24 | text.charCodeAt(at + 1) << 16 |
		    text.charCodeAt(at + 2) << 8 | text.charCodeAt(at + 3);
	}

	function digit(number) {
		return number < 10 ? 48 + number : 87 + number;
	}

	function padded(number, base, length) {
		return ('000000' + number.toString(base)).slice(-length);
	}

	/* The challenge, the puzzle in three digits, the nonce in five: forty letters. */
	function write(challenge, puzzle) {
		var text = challenge + padded(puzzle, 10, 3) + '\0';

		for (var i = 0; i < 9; i++)
			words[i] = letters(text, 4 * i);
		words[10] = 1 << 31;
		words[15] = 8 * 40;
	}

	function writeNonce(nonce) {
		words[8] = words[8] & ~255 | digit(nonce >>> 16);
		words[9] = digit(nonce >>> 12 & 15) << 24 | digit(nonce >>> 8 & 15) << 16 |
		    digit(nonce >>> 4 & 15) << 8 | digit(nonce & 15);
	}

	/* ---- As far as it is, over a reload --------------------------------------------- */

	var KEPT = 'latchkey-price';

	/* A browser may keep nothing; then one begins anew. */
	function remember(challenge, solution) {
		try {
			window.sessionStorage.setItem(KEPT, challenge + solution);
		} catch (ignored) {}
	}

	function recall(challenge) {
		var kept;

		try {
			kept = window.sessionStorage.getItem(KEPT) || '';
		} catch (ignored) {
			kept = '';
		}
		return kept.indexOf(challenge) === 0 ? kept.slice(challenge.length) : '';
	}

	/* ---- From the first to the last ----------------------------------------------------- */

	function work(challenge, puzzles, bits) {
		var solution = recall(challenge), solved = solution.length / DIGITS;
		var nonce = 0, left = false;
		var turns = new MessageChannel();

		function show() {
			ring.style.setProperty('--done', solved / puzzles);
			ring.setAttribute('aria-valuenow', solved);
		}

		/* Not by sending the form: the way back is to lead past this page. */
		function pay() {
			field.value = solution;
			fetch(field.form.action, {
				method: 'POST', redirect: 'manual',
				body: new URLSearchParams(new FormData(field.form))
			}).then(function (reply) {
				if (!left && (reply.ok || reply.type === 'opaqueredirect'))
					window.location.replace(field.form.action);
			}, function () {});
		}

		/* From the nonce where it stopped; true when one fits. */
		function look(puzzle) {
			write(challenge, puzzle);
			for (var end = nonce + 256; nonce < end; nonce++) {
				writeNonce(nonce);
				if (hash() >>> 32 - bits === 0)
					return true;
			}
			return false;
		}

		/* In slices, so that the page lives: its buttons answer, and the ring moves. */
		function slice() {
			var until = Date.now() + SLICE_MS;

			while (Date.now() < until && solved < puzzles && nonce < NONCES && !left)
				if (look(solved)) {
					solution += padded(nonce, 16, DIGITS);
					remember(challenge, solution);
					solved++;
					nonce = 0;
					show();
				}
			if (solved === puzzles)
				pay();
			else if (!left && nonce < NONCES)
				turns.port2.postMessage(0);
		}

		document.addEventListener('submit', function () {
			left = true;
		});
		/* Back may bring the page as it was left. */
		window.addEventListener('pageshow', function (event) {
			if (event.persisted)
				window.location.reload();
		});
		turns.port1.onmessage = slice;
		show();
		slice();
	}

	/* A page that is only looked at has nowhere to send it. */
	if (field && field.form.getAttribute('action') !== '#')
		work(field.dataset.challenge, Number(field.dataset.puzzles),
			Number(field.dataset.bits));
}());
