"""The playground as it is used: JupyterLab in a real browser, a network from the notebook, clicks."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run")
SMALL = Path(__file__).with_name("small.py")
OPEN = """\
from labkit.nets import playground
played = playground(make_network, data="spiral", layers=(8, 8), activation="tanh", inputs=("x", "y", "sinx", "siny"), noise=0.05, train_share=0.7)"""

SCREENSHOT = "PLAYGROUND_SCREENSHOT"
"""A file for docs/: the environment variable says where to write it."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(400),
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="needs Chromium and its driver"),
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A JupyterLab with one notebook, as a student starts it."""
    home = tmp_path_factory.mktemp("lab")
    cells = [SMALL.read_text("utf-8").replace("from __future__ import annotations\n", ""), OPEN]
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in cells],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    nbformat.write(notebook, home / "play.ipynb")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folders = {f"JUPYTER_{name}_DIR": str(home / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(
            [
                *("jupyter", "lab", "--no-browser", "--expose-app-in-browser"),
                *(f"--ServerApp.port={port}", "--ServerApp.ip=127.0.0.1"),
                *("--ServerApp.allow_root=True", "--IdentityProvider.token="),
            ],
            cwd=home,
            env={"HOME": str(home), "PATH": path, "LANG": "C.UTF-8", **folders},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        _wait_for(f"http://127.0.0.1:{port}/api")
        yield f"http://127.0.0.1:{port}"
    finally:
        os.kill(server.pid, signal.SIGTERM)
        server.wait(timeout=20)


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + 120
    while True:
        try:
            urllib.request.urlopen(url, timeout=10).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)


class Page:
    """The opened playground in the browser."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def wait(self, condition, seconds: float = 60):
        return WebDriverWait(self.driver, seconds, poll_frequency=0.05).until(condition)

    def status(self) -> str:
        # In one go: between finding and reading, the next frame may take the element's place.
        script = "return document.querySelector('p[role=status]').textContent"
        return self.driver.execute_script(script)

    def epoch(self) -> int:
        return int(re.search(r"Epoch (\d+)", self.status())[1])

    def settled(self) -> int:
        """The epoch, once frames that were on their way have arrived."""
        while True:
            before = self.epoch()
            time.sleep(1.0)
            if self.epoch() == before:
                return before

    def label(self) -> str:
        script = "return document.querySelector('svg[role=img]').getAttribute('aria-label')"
        return self.driver.execute_script(script)

    def picture_of_it(self, file: str) -> None:
        """A screenshot of the output cell, after a while of training."""
        self.button("Play").click()
        self.wait(lambda _: self.epoch() > 400, 200)
        self.button("Pause").click()
        self.settled()
        script = """
            document.querySelectorAll('[class*=Toast]').forEach(each => each.remove());
            const row = document.evaluate("//button[normalize-space()='Step']", document, null,
                XPathResult.FIRST_ORDERED_NODE_TYPE).singleNodeValue;
            row.scrollIntoView({block: 'start'});
        """
        self.driver.execute_script(script)
        time.sleep(1.0)
        path = "//div[contains(@class, 'jp-OutputArea-output')][.//p[@role='status']]"
        Path(file).write_bytes(self.driver.find_element(By.XPATH, path).screenshot_as_png)

    def button(self, name: str):
        """A button of the playground by its text."""
        path = f"//button[normalize-space()='{name}']"
        for found in self.driver.find_elements(By.XPATH, path):
            if "jupyter" in (found.get_attribute("class") or "") and found.is_displayed():
                return found
        raise AssertionError(f"no button {name}")

    def field(self, name: str):
        """The input beside a description."""
        path = f"//div[label[normalize-space()='{name}']]//input"
        return self.driver.find_element(By.XPATH, path)

    def type(self, name: str, text: str) -> None:
        field = self.field(name)
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys(text, Keys.ENTER, Keys.TAB)


@pytest.fixture(scope="module")
def page(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The notebook after Run All."""
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    profile = f"--user-data-dir={tmp_path_factory.mktemp('browser')}"
    for flag in (*FLAGS, profile, "--window-size=1500,1800"):
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    try:
        driver.get(f"{address}/lab/tree/play.ipynb")
        opened = Page(driver)
        opened.wait(
            lambda d: d.execute_script(
                "return !!(window.jupyterapp && jupyterapp.shell.currentWidget && "
                "jupyterapp.shell.currentWidget.content && "
                "jupyterapp.shell.currentWidget.sessionContext && "
                "jupyterapp.shell.currentWidget.sessionContext.session && "
                "jupyterapp.shell.currentWidget.sessionContext.session.kernel)"
            ),
            120,
        )
        driver.execute_script("jupyterapp.commands.execute('notebook:run-all-cells')")
        opened.wait(lambda d: d.find_elements(By.CSS_SELECTOR, "svg[role=img][aria-label]"), 120)
        yield opened
    finally:
        driver.quit()


def test_a_click_on_step_is_one_epoch(page: Page) -> None:
    """The words, the picture's description and the kernel agree."""
    assert page.epoch() == 0
    page.button("Step").click()
    page.wait(lambda _: page.epoch() == 1)
    assert page.label().startswith("Epoch 1: loss")


def test_play_shows_at_least_five_frames_a_second(page: Page) -> None:
    """Counted in the page, by the changes of the picture; pausing stops it."""
    page.driver.execute_script(
        """
        window.frames_seen = [];
        const box = document.querySelector('svg[role=img][aria-label]').parentElement;
        new MutationObserver(() => window.frames_seen.push(performance.now()))
            .observe(box, {childList: true});
        """
    )
    page.button("Play").click()
    page.wait(lambda d: d.execute_script("return frames_seen.length >= 30"))
    page.button("Pause").click()
    times = page.driver.execute_script("return frames_seen")
    # The median gap, as other work may hold up single frames; a busy machine is slower as a whole.
    gaps = sorted(b - a for a, b in pairwise(times))
    share_of_core = max(os.getloadavg()[0] / (os.cpu_count() or 1), 1.0)
    assert gaps[len(gaps) // 2] < 200 * share_of_core
    assert page.settled() > 30
    if wanted := os.environ.get(SCREENSHOT):
        page.picture_of_it(wanted)


def test_keys_are_enough(page: Page) -> None:
    """Step and reset by the keyboard alone, reached by Tab."""
    before = page.settled()
    page.driver.execute_script("arguments[0].focus()", page.button("Step"))
    ActionChains(page.driver).send_keys(Keys.ENTER).perform()
    page.wait(lambda _: page.epoch() == before + 1)
    ActionChains(page.driver).send_keys(Keys.TAB).perform()
    focused = page.driver.switch_to.active_element
    assert focused.text == "Reset"
    focused.send_keys(Keys.ENTER)
    page.wait(lambda _: page.epoch() == 0)


def test_settings_change_the_network_and_the_line(page: Page) -> None:
    """Two layers become one; the line of Python can be copied."""
    page.type("layers", "1")
    page.wait(lambda _: "layers=(8,)" in page.field("as Python").get_attribute("value"))
    page.type("data", "xor")
    page.wait(lambda _: "data='xor'" in page.field("as Python").get_attribute("value"))
    assert page.epoch() == 0


def test_a_diverged_network_says_so(page: Page) -> None:
    """And the clock stands still."""
    page.type("rate", "10")
    page.type("L2", "0.5")
    page.wait(lambda _: "l2=0.5" in page.field("as Python").get_attribute("value"))
    page.button("Play").click()
    page.wait(lambda _: "diverged" in page.status())
    said = page.status()
    time.sleep(1.0)
    assert page.status() == said
    page.type("rate", "0.03")
    page.type("L2", "0")
    page.button("Reset").click()
    page.wait(lambda _: re.search(r"Epoch 0\b", page.status()))
