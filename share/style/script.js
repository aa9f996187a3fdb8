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

	function judge() {
		var terms = JSON.parse(box.dataset.terms || '[]');

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

	document.querySelectorAll('button[data-wait]').forEach(function (button) {
		var text = button.textContent;
		var until = Date.now() + Number(button.dataset.wait) * 1000;

		function tick() {
			var left = Math.ceil((until - Date.now()) / 1000);

			button.disabled = left > 0;
			button.textContent = left > 0 ? button.dataset.waiting.replace('#', left) : text;
			if (left > 0)
				window.setTimeout(tick, 500);
		}

		tick();
	});

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
