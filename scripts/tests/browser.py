"""A headless Chromium driven by chromedriver, with nothing but the standard library."""

import base64
import json
import re
import shutil
import subprocess
import urllib.error
import urllib.request

CHROMEDRIVER = shutil.which("chromedriver")
CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
).split()
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the key that W3C WebDriver gives elements
SECONDS = 30
TAB, ENTER = "\ue004", "\ue007"


class Browser:
    """One browser with a profile of its own in `profile`; ends with the `with` block."""

    def __init__(self, profile):
        self.profile = profile
        self.driver = None
        self.session = None

    def __enter__(self):
        self.driver = subprocess.Popen(
            [CHROMEDRIVER, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        try:
            self.session = self.open_session(self.port())
        except BaseException:
            self.end_driver()
            raise
        return self

    def __exit__(self, *_):
        try:
            self.send("DELETE", "")
        finally:
            self.end_driver()

    def end_driver(self):
        self.driver.terminate()
        self.driver.communicate(timeout=SECONDS)

    def port(self):
        for line in self.driver.stdout:
            found = re.search(r"started successfully on port (\d+)", line)
            if found:
                return int(found.group(1))
        raise AssertionError("chromedriver ended without naming its port")

    def open_session(self, port):
        url = f"http://127.0.0.1:{port}/session"
        options = {"binary": CHROMIUM, "args": [*FLAGS, f"--user-data-dir={self.profile}"]}
        wanted = {
            "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        }
        answer = request("POST", url, {"capabilities": {"alwaysMatch": wanted}})
        return f"{url}/{answer['sessionId']}"

    def send(self, method, path, body=None):
        return request(method, self.session + path, body)

    def devtools(self, command, **parameters):
        return self.send(
            "POST", "/goog/cdp/execute", {"cmd": command, "params": parameters}
        )

    def set_window(self, width, height, scheme, media="screen"):
        """Without motion: where the page scrolls to something, it is there at once."""
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=width < 600,
        )
        features = {"prefers-color-scheme": scheme, "prefers-reduced-motion": "reduce"}
        self.devtools(
            "Emulation.setEmulatedMedia",
            media=media,
            features=[{"name": name, "value": value} for name, value in features.items()],
        )

    def go(self, path):
        self.send("POST", "/url", {"url": path.resolve().as_uri()})

    def run(self, script):
        """Returns what the body of a JavaScript function returns."""
        return self.send("POST", "/execute/sync", {"script": script, "args": []})

    def press(self, key):
        keys = [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self.send("POST", "/actions", {"actions": [{"type": "key", "id": "k", "actions": keys}]})

    def log(self, kind):
        return self.send("POST", "/se/log", {"type": kind})

    def screenshot(self, path):
        """Writes a picture of the whole page."""
        answer = self.devtools("Page.captureScreenshot", captureBeyondViewport=True, format="png")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(answer["data"]))


def request(method, url, body=None):
    data = None if method != "POST" else json.dumps(body or {}).encode()
    call = urllib.request.Request(
        url, data, {"Content-Type": "application/json"}, method=method
    )
    # The address is ours; a proxy of the environment must not be asked for it.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(call, timeout=SECONDS) as answer:
            return json.load(answer)["value"]
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{method} {url}: {error.read().decode()}") from error
