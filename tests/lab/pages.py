"""A person at the screen, in Chromium."""

from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from lab.api import code_sent


class Pages:
    """A person at the screen: reads, types, presses the button."""

    def __init__(self, driver, house, phone, look=None, name=""):
        self.driver, self.house, self.phone = driver, house, phone
        self._look, self.name, self.count = look, name, 0

    def at(self, path):
        self.driver.get(self.house.url + path)
        return self.seen()

    def seen(self):
        """Every page: a language, a title, one heading; and a picture of it."""
        root = self.driver.find_element(By.TAG_NAME, "html")
        assert root.get_attribute("lang") in ("nl", "en")
        assert self.driver.title
        assert len(self.driver.find_elements(By.TAG_NAME, "h1")) == 1
        if self._look:
            self.count += 1
            self._look(self.driver, f"{self.name}-{self.count}")
        return self

    def fill(self, **typed):
        """Type into fields by their name and send the form that holds them."""
        for name, value in typed.items():
            field = self.driver.find_element(By.NAME, name)
            field.clear()
            field.send_keys(value)
        form = field.find_element(By.XPATH, "ancestor::form")
        return self.press(form.find_element(By.CSS_SELECTOR, "button:not([type=button])"))

    def press(self, button):
        """... and wait for the page that comes."""
        button.click()
        WebDriverWait(self.driver, 20).until(lambda _: self._is_new(button))
        return self.seen()

    @staticmethod
    def _is_new(button):
        try:
            button.is_enabled()
        except WebDriverException:
            return True
        return False

    def has(self, name):
        return bool(self.driver.find_elements(By.NAME, name))

    def text(self):
        return self.driver.find_element(By.TAG_NAME, "body").text

    def wait_for(self, text):
        """Until the page says so; meanwhile one page may go, and another come."""
        WebDriverWait(self.driver, 20, ignored_exceptions=[StaleElementReferenceException]).until(
            lambda _: text in self.text())
        return self.seen()

    def code(self, person, before=0):
        return code_sent(self.phone, person.mobile, before)

    def settle(self):
        """The page that waits for the directory goes on by itself; without script, by its button."""
        WebDriverWait(self.driver, 40, ignored_exceptions=[WebDriverException]).until(
            lambda _: self._has_settled())
        return self.seen()

    def _has_settled(self):
        if not self.driver.current_url.endswith("/step/setting"):
            return True
        for button in self.driver.find_elements(By.CSS_SELECTOR, "html:not(.has-js) a.second"):
            button.click()
        return False
