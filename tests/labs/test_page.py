"""The notebooks as a reader sees them: pages in a real browser."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from nbconvert import HTMLExporter
from selenium import webdriver
from selenium.webdriver.common.by import By

from autograder.workspace.course import load_course

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
)
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")


@pytest.fixture
def browser(tmp_path: Path):
    if not (CHROMIUM and DRIVER):
        pytest.skip("needs Chromium and its driver; .ci/run installs them")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    options.page_load_strategy = "eager"
    for flag in (*FLAGS, f"--user-data-dir={tmp_path / 'profile'}"):
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


@pytest.mark.parametrize("lab", [lab.id for lab in load_course().labs])
def test_hints_unfold_one_by_one(lab: str, tmp_path: Path, browser) -> None:
    """Each notebook is one page with one title; its hints are closed until they are clicked."""
    body, _ = HTMLExporter().from_filename(str(load_course().released(lab)))
    page = tmp_path / "page.html"
    page.write_text(body, encoding="utf-8")
    browser.get(page.as_uri())
    assert len(browser.find_elements(By.TAG_NAME, "h1")) == 1
    hints = browser.find_elements(By.TAG_NAME, "details")
    assert len(hints) >= 3
    assert not any(hint.get_attribute("open") for hint in hints)
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", hints[0])
    hints[0].find_element(By.TAG_NAME, "summary").click()
    assert hints[0].get_attribute("open")
    assert not hints[1].get_attribute("open")
