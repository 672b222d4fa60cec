"""The page, served on loopback by this process, and a real Chromium that looks at it."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
import unittest
from collections.abc import Callable
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select
from werkzeug.serving import make_server

EXAMPLE = Path(os.environ["LIBDEPLOY_TEST_SOURCE"]) / "examples" / "approvals"
sys.path.insert(0, str(EXAMPLE))

from approvals import create_app  # noqa: E402
from approvals.demo import demo_pipeline  # noqa: E402
from approvals.pipeline import Pipeline  # noqa: E402

__all__ = ["Page", "Pipeline", "demo_pipeline"]  # what the tests take from here, since the example's folder is only on the path now

logging.getLogger("werkzeug").setLevel(logging.ERROR)
PATIENCE = 60.0  # seconds


def chromium() -> webdriver.Chrome:
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1100,1300", "--disable-background-networking"):
        options.add_argument(argument)
    options.binary_location = "/usr/bin/chromium"
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))


class Page(unittest.TestCase):
    """A test with one browser for its class, and a page for each test."""

    driver: webdriver.Chrome

    @classmethod
    def setUpClass(cls) -> None:
        cls.driver = chromium()
        cls.addClassCleanup(cls.driver.quit)

    def serve(self, pipeline: Pipeline, people: tuple[str, ...] = ("alice", "bob", "ci", "mallory")) -> None:
        server = make_server("127.0.0.1", 0, create_app(pipeline, people, "secret of this test"), threaded=True)
        server.daemon_threads = True  # streams of events never end by themselves
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(server.shutdown)
        self.url = f"http://127.0.0.1:{server.server_port}"
        self.pipeline = pipeline
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        for log in ("browser", "performance"):
            self.driver.get_log(log)  # what other tests left
        self.driver.get(self.url)

    def find(self, css: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def text(self, css: str) -> str:
        return str(self.find(css).text)

    def wait_for(self, what: str, condition: Callable[[], Any]) -> None:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                if condition():
                    return
            except (NoSuchElementException, StaleElementReferenceException):
                pass  # the page is being loaded
            if time.monotonic() > end:
                raise AssertionError(f"never: {what}; the page says:\n{self.text('body')}")
            time.sleep(0.05)

    def log_in(self, name: str) -> None:
        Select(self.find("select[name=name]")).select_by_visible_text(name)
        self.click(".login button")
        self.wait_for(f"{name} is logged in", lambda: "You are" in self.text(".login") and Select(self.find("select[name=name]")).first_selected_option.text == name)

    def click(self, css: str) -> None:
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", self.find(css))
        self.find(css).click()

    def live(self, environment: str) -> str:
        return self.text(f"#environment-{environment} .live")
