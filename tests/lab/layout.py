"""How a page is laid out in a browser: what is cut, what lies on something else."""

# Each line of text and each control, as rectangles of the window; those of the same text,
# and what is there for screen readers alone, are left out.
_LOOK = """
const faults = [], boxes = [];
const width = document.documentElement.clientWidth;

function isSeen(element) {
	for (let e = element; e; e = e.parentElement) {
		const style = getComputedStyle(e);
		if (style.display === 'none' || style.visibility === 'hidden' ||
		    e.classList.contains('away') || e.classList.contains('skip'))
			return false;
	}
	return true;
}

function tell(what, text) {
	faults.push(what + ': ' + text.trim().slice(0, 60));
}

function add(node, element, rects, text) {
	for (const r of rects) {
		if (r.width < 1 || r.height < 1)
			continue;
		if (r.left < -1 || r.right > width + 1)
			tell('sticks out at the side', text);
		boxes.push({node, element, r, text});
	}
}

const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
	const node = walker.currentNode, range = document.createRange();
	if (node.data.trim() === '' || !isSeen(node.parentElement))
		continue;
	range.selectNodeContents(node);
	add(node, node.parentElement, range.getClientRects(), node.data);
}
for (const e of document.querySelectorAll('input:not([type=hidden]), img'))
	if (isSeen(e))
		add(e, e, [e.getBoundingClientRect()], e.id || e.tagName);
for (const e of document.querySelectorAll('button, a.primary, a.second, .choice, .alert, .rules'))
	if (isSeen(e) && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1))
		tell('is cut', e.textContent);
if (document.scrollingElement.scrollWidth > width)
	tell('the page scrolls sideways', document.scrollingElement.scrollWidth + ' > ' + width);
for (let i = 0; i < boxes.length; i++)
	for (let j = i + 1; j < boxes.length; j++) {
		const a = boxes[i], b = boxes[j];
		const across = Math.min(a.r.right, b.r.right) - Math.max(a.r.left, b.r.left);
		const down = Math.min(a.r.bottom, b.r.bottom) - Math.max(a.r.top, b.r.top);
		if (a.node !== b.node && across > 2 && down > 0.4 * Math.min(a.r.height, b.r.height))
			tell('lies on "' + b.text.trim().slice(0, 30) + '"', a.text);
	}
return faults;
"""

# What WCAG 1.4.12 asks a page to bear.
_SPACED = """
const style = document.createElement('style');
style.textContent = '* { line-height: 1.5 !important; letter-spacing: .12em !important; ' +
    'word-spacing: .16em !important } p { margin-bottom: 2em !important }';
document.head.append(style);
"""

# A language that takes two fifths more room for everything.
_LONGER = """
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
	const node = walker.currentNode, text = node.data.trim();
	if (text !== '')
		node.data = text + ' ' + text.slice(0, Math.ceil(text.length * .4)) + ' ';
}
"""


def resize(driver, width, height):
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})


def faults(driver):
    return driver.execute_script(_LOOK)


def space(driver):
    driver.execute_script(_SPACED)


def lengthen(driver):
    driver.execute_script(_LONGER)
