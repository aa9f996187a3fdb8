/*
 * Small comforts.  Every page works without this file.
 */
'use strict';

(function () {
	var root = document.documentElement;

	root.classList.add('has-js');

	/* ---- The rules of a password tick themselves ------------------------- */

	var box = document.getElementById('rules');
	var first = document.getElementById('password');
	var second = document.getElementById('password_again');

	/* As people count: an emoji is one character, however many code units. */
	function characters(text) {
		return Array.from(text);
	}

	/* The smaller of two counts, as registrar has it: see count_kinds in its rules.c. */
	function classes(text) {
		var seen = [0, 0], sign = /[()`~!@#$%^&*_\-+=|\\{}[\]:;"'<>,.?/]/;

		function see(first, second) {
			seen[0] |= first;
			seen[1] |= second;
		}
		characters(text).forEach(function (c) {
			if (/[0-9]/.test(c)) {
				see(1, 1);
			} else if (sign.test(c)) {
				see(2, 2);
			} else if (/[a-z]/.test(c)) {
				see(4, 4);
			} else if (/[A-Z]/.test(c)) {
				see(8, 8);
			} else if (c.length === 1 && /\p{L}/u.test(c)) {
				see(16, c.toLowerCase() !== c || /\p{Lu}/u.test(c) ? 8 :
					c.toUpperCase() !== c || /\p{Ll}/u.test(c) ? 4 : 16);
			}
		});
		return Math.min.apply(null, seen.map(function (kinds) {
			return kinds.toString(2).replace(/0/g, '').length;
		}));
	}

	function fold(text) {
		return text.normalize('NFKC').toLowerCase();
	}

	/* true, false, or null for what only the directory can judge. */
	var judges = {
		length: function (text, number) {
			return characters(text).length >= number;
		},
		longest: function (text, number) {
			return characters(text).length <= number;
		},
		classes: function (text, number) {
			return classes(text) >= number;
		},
		name: function (text, number, terms) {
			var folded = fold(text);

			return !terms.some(function (term) {
				return folded.indexOf(fold(term)) !== -1;
			});
		},
		same: function (text) {
			return second.value === '' ? null : text === second.value;
		}
	};

	function show(item, met) {
		var state = item.querySelector('.state');

		item.classList.toggle('yes', met === true);
		item.classList.toggle('no', met === false);
		state.textContent = met === null ? '' : ' ' + (met ? box.dataset.yes : box.dataset.no);
	}

	/* Once the typing pauses, and no more than what is new. */
	function say() {
		var said = document.getElementById('rules-said'), left = [], text;

		box.querySelectorAll('li').forEach(function (item) {
			if (!item.classList.contains('yes') && judges[item.dataset.rule])
				left.push(item.firstElementChild.textContent);
		});
		text = left.length === 0 ? box.dataset.yes : box.dataset.left + ': ' + left.join('; ');
		if (said.textContent !== text)
			said.textContent = text;
	}

	var pause;

	function judge() {
		var terms = JSON.parse(box.dataset.terms || '[]');

		window.clearTimeout(pause);
		pause = window.setTimeout(say, 1200);

		box.querySelectorAll('li').forEach(function (item) {
			var fn = judges[item.dataset.rule];

			if (fn)
				show(item, first.value === '' ? null :
				    fn(first.value, Number(item.dataset.number), terms));
		});
	}

	if (box && first && second) {
		first.addEventListener('input', judge);
		second.addEventListener('input', judge);
	}

	/* ---- See what one types ------------------------------------------------- */

	var toggle = document.getElementById('show');

	function hide() {
		[first, second].forEach(function (input) {
			if (input)
				input.type = toggle.checked ? 'text' : 'password';
		});
	}

	if (toggle)
		toggle.addEventListener('change', hide);

	/* ---- A button that has to wait -------------------------------------------- */

	/* Not "disabled": whoever goes by keyboard must find it, and hear how long. */
	document.querySelectorAll('button[data-wait]').forEach(function (button) {
		var text = button.textContent;
		var until = Date.now() + Number(button.dataset.wait) * 1000;

		function left() {
			return Math.ceil((until - Date.now()) / 1000);
		}

		function tick() {
			var waits = left() > 0;

			if (!waits && button.hasAttribute('aria-disabled'))
				button.nextElementSibling.textContent = button.dataset.ready;
			button.textContent = waits ? button.dataset.waiting.replace('#', left()) : text;
			if (!waits) {
				button.removeAttribute('aria-disabled');
				return;
			}
			button.setAttribute('aria-disabled', 'true');
			window.setTimeout(tick, 500);
		}

		button.addEventListener('click', function (event) {
			if (left() > 0)
				event.preventDefault();
		});
		tick();
	});

	/* ---- A page that waits for the directory ---------------------------------- */

	var working = document.querySelector('[data-again]');

	/* Asked quietly: a page that came anew each second would be read out each second. */
	function look() {
		fetch(window.location.pathname, {
			method: 'HEAD', redirect: 'manual'
		}).then(function (reply) {
			if (reply.ok || reply.status === 503)
				lookLater();
			else
				window.location.reload();
		}, lookLater);
	}

	function lookLater() {
		window.setTimeout(look, Number(working.dataset.again) * 1000);
	}

	if (working)
		lookLater();

	/* ---- A code that arrives on this very phone ------------------------------- */

	var code = document.querySelector('[autocomplete="one-time-code"]');

	/* Where the browser asks the person whether it may; elsewhere the keyboard offers it. */
	if (code && code.form && 'OTPCredential' in window) {
		var listening = new AbortController();

		code.form.addEventListener('submit', function () {
			listening.abort();
		});
		navigator.credentials.get({
			otp: { transport: ['sms'] }, signal: listening.signal
		}).then(function (message) {
			/* Sent by the person: a code of an earlier message would cost a try. */
			if (code.value === '')
				code.value = message.code;
			code.form.querySelector('[type="submit"]').focus();
		}, function () {});
	}

	/* ---- One press is enough ----------------------------------------------------- */

	document.querySelectorAll('form').forEach(function (form) {
		form.addEventListener('submit', function (event) {
			if (form.dataset.sent)
				event.preventDefault();
			form.dataset.sent = 'yes';
			/* A browser does not offer to remember a field that is shown as text. */
			if (toggle && toggle.checked) {
				toggle.checked = false;
				hide();
			}
		});
	});

	/* Back may bring a page as it was left. */
	window.addEventListener('pageshow', function () {
		document.querySelectorAll('form').forEach(function (form) {
			delete form.dataset.sent;
		});
	});
}());
