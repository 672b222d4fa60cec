"""People approve and deny, on the simulator."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

from browser import Page, demo_pipeline
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

WAITING = "#waiting-production-1\\.0\\.3"


class Approvals(Page):
    def setUp(self) -> None:
        self.serve(demo_pipeline(pace=0.05))

    def test_what_is_shown_is_enough_to_decide_on(self) -> None:
        self.assertEqual(("1.0.3", "1.0.1"), (self.live("staging"), self.live("production")))
        self.assertIn("live since 2026-01-0", self.text("#environment-production"))
        words = self.text(WAITING)
        for expected in ("1.0.3 → production", "Verified in staging at", "healthy after", "0 of 1 approvals", "Gates: 11 of 12 open",
                         "may approve: alice, bob", "Log in to decide"):
            self.assertIn(expected, words)
        with self.pipeline.open("visitor") as deployer:
            self.assertIn(deployer.find_release("1.0.3").digest.short, words)
            self.assertIn(deployer.find_release("1.0.1").digest.short, words)
            self.assertIn(deployer.find_release("1.0.3").commit[:12], words)

    def test_approve_and_watch_it_reach_production(self) -> None:
        self.log_in("alice")
        self.find(f"{WAITING} textarea").send_keys("looks good")
        self.click(f"{WAITING} .yes")
        self.wait_for("approved", lambda: "Gates: 12 of 12 open" in self.text(WAITING))
        self.assertEqual("1.0.1", self.live("production"))
        self.log_in("ci")
        self.click(f"{WAITING} .go")
        self.wait_for("its steps are shown", lambda: "stop shop 1.0.1 (ssh://deploy@one.example)" in self.text("#steps"))
        self.assertTrue(self.find("#steps").get_attribute("aria-live"))
        self.wait_for("it is in production", lambda: self.live("production") == "1.0.3")
        self.assertIn("Nothing waits", self.text("main"))
        self.assertEqual(5, len(self.driver.find_elements(By.CSS_SELECTOR, "svg .mark")))
        with self.pipeline.open("visitor") as deployer:
            decided = [json.loads(entry.data) for entry in deployer.ledger_entries() if entry.kind.startswith("approval") and entry.actor == "alice"]
        self.assertIn("looks good", json.dumps(decided[-1]))

    def test_deny_changes_nothing(self) -> None:
        self.log_in("bob")
        self.find(f"{WAITING} textarea").send_keys("<script>alert(1)</script> not today")
        self.click(f"{WAITING} .no")
        self.wait_for("denied", lambda: "denied by bob" in self.text(WAITING))
        self.assertEqual("1.0.1", self.live("production"))
        self.assertFalse(self.pipeline.is_running())
        self.log_in("ci")
        self.assertEqual([], self.driver.find_elements(By.CSS_SELECTOR, f"{WAITING} .go"))
        self.assertEqual([], self.driver.find_elements(By.XPATH, "//script[contains(., 'alert')]"))
        with self.pipeline.open("visitor") as deployer:
            self.assertIn("<script>alert(1)</script> not today", deployer.ledger_entries()[-1].data)

    def test_who_may_not_decide_has_no_buttons_and_a_reason(self) -> None:
        self.log_in("mallory")
        self.assertEqual([], self.driver.find_elements(By.CSS_SELECTOR, f"{WAITING} .yes"))
        self.assertIn("'mallory' is not an approver of production", self.text(WAITING))

    def test_a_stale_page_decides_nothing(self) -> None:
        self.log_in("alice")
        with self.pipeline.open("bob") as bob:
            bob.approve("1.0.3", to="production")
        with self.pipeline.open("ci") as ci:
            self.assertTrue(ci.promote("1.0.3", to="production").succeeded)
            head = ci.ledger_head()
        self.click(f"{WAITING} .yes")  # the page still says that 1.0.1 is live
        self.wait_for("refused", lambda: self.text("h1") == "Conflict")
        self.assertIn("what is live is sha256:", self.text("[role=alert]"))
        self.assertIn("Nothing was recorded", self.text("[role=alert]"))
        with self.pipeline.open("ci") as ci:
            self.assertEqual(head, ci.ledger_head())

    def test_another_person_sees_what_was_decided_without_loading_again(self) -> None:
        self.assertIn("0 of 1 approvals", self.text(WAITING))
        Browser(self.url).log_in("alice").decide("approve")
        self.wait_for("the page changed by itself", lambda: "1 of 1 approvals (by alice)" in self.text(WAITING) or "Gates: 12 of 12 open" in self.text(WAITING))

    def test_history_and_evidence_of_a_failure(self) -> None:
        self.click("nav a:nth-of-type(2)")
        self.assertIn("rolled back", self.text(".history"))
        self.driver.find_element(By.XPATH, "//tr[contains(., 'rolled back')]//a").click()
        self.assertEqual("Promotion of 1.0.2 to staging", self.text("h1"))
        self.assertIn("Unhealthy: never 2 successes in a row", self.text("main"))
        self.find("details summary").click()
        self.assertIn("503", self.text(".tries"))

    def test_the_timeline_is_also_there_in_words(self) -> None:
        words = self.find("svg desc").get_attribute("textContent")
        self.assertIn("staging: promotion of 1.0.2 rolled back", words)
        self.assertEqual(1, len(self.driver.find_elements(By.CSS_SELECTOR, "svg .mark.rolled_back")))
        self.assertIn("gap ", self.text("svg"))

    def test_it_fits_a_phone(self) -> None:
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": True})
        self.addCleanup(self.driver.execute_cdp_cmd, "Emulation.clearDeviceMetricsOverride", {})
        self.log_in("alice")
        for page in ("/", "/history"):
            self.driver.get(self.url + page)
            self.assertLessEqual(self.driver.execute_script("return document.documentElement.scrollWidth"), 360, page)
        self.driver.get(self.url)
        self.assertGreaterEqual(self.find(".yes").size["height"], 40)

    def test_it_can_be_used_by_keyboard_alone(self) -> None:
        self.log_in("alice")
        self.find("body").send_keys(Keys.TAB)
        reached = []
        for _ in range(30):
            active = self.driver.switch_to.active_element
            reached.append((active.tag_name, active.get_attribute("name") or active.text))
            active.send_keys(Keys.TAB)
        self.assertIn(("textarea", "comment"), reached)
        self.assertIn(("button", "decision"), reached)

    def test_every_field_has_a_label_and_nothing_comes_from_elsewhere(self) -> None:
        self.log_in("alice")
        unlabelled = self.driver.execute_script(
            "return [...document.querySelectorAll('input:not([type=hidden]),select,textarea')].filter(e => !e.labels || !e.labels.length).map(e => e.outerHTML)")
        self.assertEqual([], unlabelled)
        asked = [json.loads(line["message"])["message"] for line in self.driver.get_log("performance")]
        urls = {entry["params"]["request"]["url"] for entry in asked if entry["method"] == "Network.requestWillBeSent"}
        foreign = {url for url in urls if not url.startswith(("http://127.0.0.1:", "data:", "chrome:"))}
        self.assertEqual(set(), foreign)
        self.assertTrue(any(url.startswith(self.url + "/static/style.css") for url in urls))
        self.assertEqual([], [line for line in self.driver.get_log("browser") if line["level"] == "SEVERE"])


class TwoApprovers(Page):
    def test_one_is_not_enough(self) -> None:
        self.serve(demo_pipeline(required=2, pace=0.01))
        for name, count in (("alice", "1 of 2"), ("bob", "2 of 2")):
            self.log_in(name)
            self.click(f"{WAITING} .yes")
            self.wait_for(count, lambda count=count: count in self.text(WAITING) or (count == "2 of 2" and "Gates: 12 of 12 open" in self.text(WAITING)))
            self.assertEqual(name == "alice", "Gates: 11 of 12 open" in self.text(WAITING))
            self.assertEqual([], self.driver.find_elements(By.CSS_SELECTOR, f"{WAITING} .go"))
        self.log_in("ci")
        self.click(f"{WAITING} .go")
        self.wait_for("it is in production", lambda: self.live("production") == "1.0.3")


class Browser:
    """Somebody without a browser: sends forms."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def page(self) -> str:
        return str(self.opener.open(self.url + "/", timeout=60).read().decode())

    def fields(self) -> dict[str, str]:
        form = re.search(r'<form class="decide".*?</form>', self.page(), re.DOTALL)
        assert form, "there is no form"
        return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form.group()))

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        try:
            with self.opener.open(self.url + path, urllib.parse.urlencode(fields).encode(), timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def token(self) -> str:
        found = re.search(r'name="csrf" value="([^"]+)"', self.page())
        assert found
        return found.group(1)

    def log_in(self, name: str) -> Browser:
        status, text = self.post("/login", csrf=self.token(), name=name)
        assert status == 200, text
        return self

    def decide(self, decision: str, **changes: str) -> tuple[int, str]:
        return self.post("/decide", **{**self.fields(), "decision": decision, "comment": "", **changes})


class Forms(Page):
    """What a browser would not send."""

    def setUp(self) -> None:
        self.serve(demo_pipeline(pace=0.01))
        self.somebody = Browser(self.url)
        with self.pipeline.open("visitor") as deployer:
            self.head = deployer.ledger_head()

    def nothing_was_recorded(self) -> None:
        with self.pipeline.open("visitor") as deployer:
            self.assertEqual(self.head, deployer.ledger_head())

    def test_a_form_of_another_site_is_refused(self) -> None:
        self.somebody.log_in("alice")
        for csrf in ("", "guessed"):
            status, text = self.somebody.decide("approve", csrf=csrf)
            self.assertEqual(403, status)
            self.assertIn("did not come from this page", text)
            self.assertEqual(403, self.somebody.post("/promote", csrf=csrf, environment="production", digest="1.0.3", replaces="")[0])
            self.assertEqual(403, self.somebody.post("/login", csrf=csrf, name="bob")[0])
        self.nothing_was_recorded()

    def test_nobody_decides_without_logging_in_or_for_another(self) -> None:
        self.assertEqual(401, self.somebody.post("/decide", csrf=self.somebody.token(), decision="approve", environment="production", digest="1.0.3")[0])
        self.assertEqual(403, self.somebody.post("/login", csrf=self.somebody.token(), name="root")[0])
        self.somebody.log_in("mallory")
        status, text = self.somebody.post("/decide", csrf=self.somebody.token(), decision="approve", environment="production", digest="1.0.3")
        self.assertEqual(403, status)
        self.assertIn("is not an approver", text)
        self.nothing_was_recorded()

    def test_what_changed_since_the_page_was_loaded_is_named(self) -> None:
        self.somebody.log_in("alice")
        for field, words in (("policy", "the policy is"), ("replaces", "what is live is"), ("digest", "the digest is")):
            status, text = self.somebody.decide("approve", **{field: "1.0.3" if field == "digest" else "older"})
            self.assertEqual(409, status, text)
            self.assertIn(words, text)
        status, text = self.somebody.post("/promote", csrf=self.somebody.token(), environment="production", digest="1.0.3", replaces="older")
        self.assertEqual((409, True), (status, "what is live is 1.0.1 now" in text))
        self.nothing_was_recorded()

    def test_malformed_ones_are_answered(self) -> None:
        self.somebody.log_in("alice")
        self.assertEqual(400, self.somebody.decide("perhaps")[0])
        self.assertEqual(404, self.somebody.decide("approve", environment="nowhere")[0])
        self.assertEqual(404, self.somebody.decide("approve", digest="9.9.9")[0])
        self.nothing_was_recorded()

    def test_answers_forbid_frames_and_foreign_scripts(self) -> None:
        with self.somebody.opener.open(self.url, timeout=60) as answer:
            self.assertIn("default-src 'self'; frame-ancestors 'none'", answer.headers["Content-Security-Policy"])
            self.assertIn("SameSite=Lax", answer.headers["Set-Cookie"])
            self.assertIn("HttpOnly", answer.headers["Set-Cookie"])

    def test_a_stream_that_comes_back_misses_nothing(self) -> None:
        for number in range(3):
            self.pipeline.hub.say("decided", {"environment": "staging", "message": f"news {number}"})
        request = urllib.request.Request(self.url + "/events", headers={"Last-Event-ID": "1"})
        with urllib.request.urlopen(request, timeout=60) as stream:
            lines = [stream.readline().decode().strip() for _ in range(10)]
        self.assertIn("id: 2", lines)
        self.assertIn("id: 3", lines)
        self.assertNotIn("id: 1", lines)
