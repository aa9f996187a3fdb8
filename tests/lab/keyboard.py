"""Somebody who has no mouse: Tab, Shift-Tab, Enter, Space and arrows."""

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

# What has the focus, and whether one can see that; null where nothing of the page has it.
_HERE = """
const e = document.activeElement;
if (!e || e === document.body)
	return null;
const style = getComputedStyle(e), r = e.getBoundingClientRect();
const over = document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2);
return {
	name: e.name || e.textContent.trim(), kind: e.type || e.tagName,
	outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 &&
	    !/rgba?\\(.*, 0\\)$/.test(style.outlineColor),
	covered: !over || !(over === e || e.contains(over) || over.contains(e)),
	place: stops().indexOf(e),
};
"""

# All that the keyboard has to reach, in the order of the page; of radios the whole group is one.
_STOPS = """
function stops() {
	const seen = new Set();
	return [...document.querySelectorAll('a[href], button, input, summary')].filter(e => {
		if (e.type === 'hidden' || e.disabled || e.offsetParent === null && e.type !== 'radio')
			return e.classList.contains('skip');
		if (e.type !== 'radio')
			return true;
		const group = [...document.getElementsByName(e.name)];
		const first = group.find(one => one.checked) || group[0];
		return first === e && !seen.has(e.name) && seen.add(e.name);
	});
}
"""


class Keyboard:
    def __init__(self, driver):
        self.driver = driver

    def press(self, *keys):
        ActionChains(self.driver).send_keys(*keys).perform()

    def back(self):
        ActionChains(self.driver).key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(
            Keys.SHIFT).perform()

    def here(self):
        return self.driver.execute_script(_STOPS + _HERE)

    def count(self):
        return self.driver.execute_script(_STOPS + "return stops().length")

    def round(self):
        """Once through the page and around: each stop, as it is met."""
        stops = []
        for _ in range(2 * self.count() + 4):
            self.press(Keys.TAB)
            here = self.here()
            if here and any(here["place"] == one["place"] for one in stops):
                return stops
            if here:
                stops.append(here)
        raise AssertionError(f"no way around: {stops}")

    def go_to(self, name):
        """Tab until the focus is on the field or button of that name."""
        for _ in range(2 * self.count() + 4):
            here = self.here()
            if here and here["name"] == name:
                return self
            self.press(Keys.TAB)
        raise AssertionError(f"the keyboard does not get to {name}")

    def type(self, name, text):
        self.go_to(name).press(text)
        return self

    def send(self, key=Keys.ENTER):
        """Press the key that sends, and wait for the page that follows."""
        page = self.driver.execute_script("return performance.timeOrigin")
        self.press(key)
        WebDriverWait(self.driver, 20).until(
            lambda driver: driver.execute_script(
                "return document.readyState === 'complete' && performance.timeOrigin") not in
            (False, page))
        return self
