"""Headless Chromium over two pipes (the DevTools protocol with --remote-debugging-pipe): no port, no driver program.

Pages see no network: every address that is not a file, data or loopback resolves to nothing.
"""

import base64
import contextlib
import json
import os
import pathlib
import select
import shutil
import subprocess
import tempfile
import time

NAMES = ["chromium", "chromium-browser", "google-chrome"]


def find_browser():
    named = os.environ.get("REVERE_CHROMIUM")
    return named or next((path for path in map(shutil.which, NAMES) if path), None)


class BrowserError(Exception):
    pass


class Browser:
    """One process; `page()` opens a tab. Commands wait for their answers, at most `patience` seconds."""

    patience = 60

    def __init__(self, program=None):
        program = program or find_browser()
        self.profile = tempfile.mkdtemp(prefix="revere-browser-")
        their_end, self.commands = os.pipe()
        self.answers, our_end = os.pipe()
        # The browser reads commands from descriptor 3 and answers on 4.
        options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
                   "--disable-extensions", "--disable-background-networking", "--disable-dev-shm-usage",
                   "--disable-component-update", "--font-render-hinting=none", "--remote-debugging-pipe",
                   "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
                   f"--user-data-dir={self.profile}", "about:blank"]
        shell = 'reads=$1; writes=$2; shift 2; eval "exec \\"\\$@\\" 3<&$reads 4>&$writes"'
        self.process = subprocess.Popen(
            ["bash", "-c", shell, "browser", str(their_end), str(our_end), program, *options],
            pass_fds=(their_end, our_end), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True)
        os.close(their_end)
        os.close(our_end)
        self.buffer = b""
        self.number = 0
        self.events = []

    def call(self, method, session=None, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.commands, data):]
        answer = self.wait(lambda message: message.get("id") == self.number, method)
        if "error" in answer:
            raise BrowserError(f"{method}: {answer['error']}")
        return answer["result"]

    def wait(self, wanted, what):
        """The first message that is wanted; the others are kept as events."""
        end = time.monotonic() + self.patience
        while True:
            while b"\0" in self.buffer:
                line, self.buffer = self.buffer.split(b"\0", 1)
                message = json.loads(line)
                if wanted(message):
                    return message
                self.events.append(message)
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.answers], [], [], left)[0]:
                raise BrowserError(f"no answer to {what}")
            data = os.read(self.answers, 1 << 20)
            if not data:
                raise BrowserError(f"the browser ended before it answered {what}")
            self.buffer += data

    def page(self):
        return Page(self)

    def close(self):
        with contextlib.suppress(BrowserError, OSError):
            self.call("Browser.close")
        os.close(self.commands)
        self.process.wait(timeout=60)
        os.close(self.answers)
        shutil.rmtree(self.profile, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Page:
    def __init__(self, browser):
        self.browser = browser
        self.target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=self.target, flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Network", "Log"]:
            self.call(f"{domain}.enable")

    def call(self, method, **parameters):
        return self.browser.call(method, self.session, **parameters)

    def view(self, width=1280, height=900, dark=False, printed=False, scale=1):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale,
                  mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", media="print" if printed else "",
                  features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def open(self, address):
        """A path or an address; returns when it has loaded."""
        address = address if "://" in str(address) else pathlib.Path(address).resolve().as_uri()
        self.browser.events.clear()
        answer = self.call("Page.navigate", url=address)
        if "errorText" in answer:
            raise BrowserError(f"{address}: {answer['errorText']}")
        def loaded(message):
            return message.get("method") == "Page.loadEventFired" and message.get("sessionId") == self.session
        if not any(map(loaded, self.browser.events)):
            self.browser.wait(loaded, f"opening {address}")

    def run(self, script):
        """The value of an expression; a promise is waited for."""
        answer = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise BrowserError(json.dumps(answer["exceptionDetails"])[:2000])
        return answer["result"].get("value")

    def requests(self):
        """Addresses that were asked for since the page was opened, without those that hold their own data."""
        return [event["params"]["request"]["url"] for event in self.browser.events
                if event.get("method") == "Network.requestWillBeSent" and event.get("sessionId") == self.session
                and not event["params"]["request"]["url"].startswith("data:")]

    def key(self, name, code=None):
        for kind in ["rawKeyDown", "keyUp"]:
            self.call("Input.dispatchKeyEvent", type=kind, key=name, code=name, windowsVirtualKeyCode=code or 0)

    def picture(self, path, whole=True):
        """A PNG; `whole` takes all of the page, however long."""
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole, **(
            {"clip": self.extent()} if whole else {}))["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(data))

    def extent(self):
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        return {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}

    def printed(self, path):
        """As the browser prints it on letter paper."""
        data = self.call("Page.printToPDF", printBackground=True, preferCSSPageSize=True, paperWidth=8.5,
                         paperHeight=11)["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(data))

    def close(self):
        self.browser.call("Target.closeTarget", targetId=self.target)
