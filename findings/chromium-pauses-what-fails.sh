#!/bin/sh
# Chromium pauses an <audio> that cannot be loaded: where HTML's steps for a failed source set the error, fire
# "error" and reject play()'s promise (and leave `paused` alone), Chromium has `paused` true by the time of "error",
# and fires "pause" after it. A page that takes "pause" for the listener's own wish forgets what was asked for
# before it can say why it failed; look at `audio.error` first.
# Seen with Chromium 156.0.8078.108 (Debian 12, apt install chromium), playwright 1.65.2. 2026-11-28.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q playwright==1.65.2
"$folder/venv/bin/python" - <<'PY'
import shutil
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from playwright.sync_api import sync_playwright

PAGE = b"<!doctype html><button id=go>play</button><audio id=sound></audio>"
WATCH = """() => {
    window.seen = [];
    for (const event of ["play", "pause", "error"])
        sound.addEventListener(event, () => seen.push(`${event}, paused ${sound.paused}`));
    go.onclick = () => {
        sound.src = "/gone.mp3";
        sound.play().catch((why) => seen.push(why.name));
    };
}"""


class Site(BaseHTTPRequestHandler):
    def do_GET(self):
        status, body = (200, PAGE) if self.path == "/" else (404, b"not here")
        self.send_response(status)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
threading.Thread(target=server.serve_forever, daemon=True).start()
with sync_playwright() as playwright:
    chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
    print("Chromium", chromium.version)
    page = chromium.new_page()
    page.goto(f"http://127.0.0.1:{server.server_port}/")
    page.evaluate(WATCH)
    page.click("#go")
    page.wait_for_function("() => seen.includes('NotSupportedError')")
    page.wait_for_timeout(500)
    seen = page.evaluate("() => seen")
    chromium.close()
print(seen)
as_seen = seen == ["play, paused false", "error, paused true", "NotSupportedError", "pause, paused true"]
print("as seen" if as_seen else "this has changed")
sys.exit(0 if as_seen else 1)
PY
