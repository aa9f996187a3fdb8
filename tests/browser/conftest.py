"""Chromium, as a person has it: wide or narrow, with script or without."""

import os
import subprocess

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from lab import settings
from lab.places import BUILD, program, tool

SCREENSHOTS = os.path.join(BUILD, "screenshots")


def chromium(folder, lang, script=True, log=None):
    options = webdriver.ChromeOptions()
    options.binary_location = tool("chromium")
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                 "--disable-background-networking", "--disable-component-update",
                 "--disable-sync", "--no-first-run", "--no-default-browser-check",
                 "--disable-default-apps", "--disable-extensions", "--metrics-recording-only",
                 "--password-store=basic", f"--user-data-dir={folder}", f"--lang={lang}"):
        options.add_argument(flag)
    preferences = {"intl.accept_languages": lang, "credentials_enable_service": False,
                   "profile.password_manager_enabled": False}
    if not script:
        preferences["profile.managed_default_content_settings.javascript"] = 2
    options.add_experimental_option("prefs", preferences)
    options.set_capability("goog:loggingPrefs", log or {})
    driver = webdriver.Chrome(service=Service(tool("chromedriver")), options=options)
    driver.set_page_load_timeout(30)
    return driver


@pytest.fixture(scope="session")
def preview(tmp_path_factory):
    """{"nl": {"code-wrong": its address, ...}, ...}: every page in every state, from disk."""
    folder = tmp_path_factory.mktemp("preview")
    conf, pages = str(folder / "latchkey.conf"), folder / "pages"
    settings.write(conf, settings.shown(os.path.join(BUILD, "share")))
    subprocess.run([program("ctl"), "-c", conf, "preview", str(pages)], check=True,
                   stdout=subprocess.DEVNULL)
    return {lang: {page.stem: page.as_uri() for page in sorted((pages / lang).iterdir())}
            for lang in ("nl", "en")}


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """One browser for many pages that are only looked at."""
    driver = chromium(tmp_path_factory.mktemp("profile"), "nl")
    yield driver
    driver.quit()


@pytest.fixture
def browser(tmp_path):
    """browser("nl", script=False): a browser of the test's own; log is what selenium keeps."""
    drivers = []

    def start(lang, script=True, log=None):
        drivers.append(chromium(tmp_path / f"profile{len(drivers)}", lang, script, log))
        return drivers[-1]

    yield start
    for driver in drivers:
        driver.quit()


@pytest.fixture
def look():
    """look(driver, "name"): keep screenshots of the page, narrow and wide."""
    os.makedirs(SCREENSHOTS, exist_ok=True)

    def take(driver, name):
        before = driver.get_window_size()
        for width, height in ((360, 780), (1280, 900)):
            driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
                "width": width, "height": height, "deviceScaleFactor": 1,
                "mobile": width < 500})
            driver.save_screenshot(os.path.join(SCREENSHOTS, f"{name}-{width}.png"))
            # Nothing may stick out at the side.
            metrics = driver.execute_cdp_cmd("Page.getLayoutMetrics", {})
            assert metrics["cssContentSize"]["width"] <= width, f"{name} is wider than {width}"
        driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        driver.set_window_size(before["width"], before["height"])

    return take
