"""Gives bearer tokens as Docker Hub's token server does: RS256 JSON web tokens that name their certificate.

Reads its settings from the JSON file named on the command line. A user may do everything; nobody in
particular may pull from `public/*`. Each token given is a line in the log: user, then the scopes asked for.
"""

from __future__ import annotations

import base64
import http.server
import json
import secrets
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

LIFETIME_S = 300


def b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def granted(scope: str, known_user: bool) -> dict:
    """`repository:NAME:pull,push` as the access that is given; a NAME may hold colons (a port)."""
    kind, _, rest = scope.partition(":")
    name, _, actions = rest.rpartition(":")
    asked = actions.split(",")
    if not known_user:
        asked = [action for action in asked if action == "pull" and name.startswith("public/")]
    return {"type": kind, "name": name, "actions": asked}


class Handler(http.server.BaseHTTPRequestHandler):
    settings: dict

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        scopes = " ".join(query.get("scope", [])).split()
        user = self._user()
        if user is None:
            self._answer(401, {"errors": [{"code": "UNAUTHORIZED", "message": "incorrect username or password"}]})
            return
        token = self._token(user, query.get("service", [""])[0], [granted(s, bool(user)) for s in scopes])
        with open(self.settings["given"], "a", encoding="utf-8") as log:
            log.write(f"{user or 'anonymous'} {' '.join(scopes)}\n")
        self._answer(200, {"token": token, "access_token": token, "expires_in": LIFETIME_S})

    def _user(self) -> str | None:
        """The user's name, "" for nobody in particular, None for a wrong password."""
        header = self.headers.get("Authorization", "")
        if not header:
            return ""
        right = base64.b64encode(f"{self.settings['user']}:{self.settings['password']}".encode()).decode()
        return self.settings["user"] if header == f"Basic {right}" else None

    def _token(self, user: str, service: str, access: list[dict]) -> str:
        certificate = Path(self.settings["certificate"]).read_text().replace("-----BEGIN CERTIFICATE-----", "")
        der = "".join(certificate.replace("-----END CERTIFICATE-----", "").split())
        now = int(time.time())
        claims = {"iss": "libdeploy-test-issuer", "sub": user, "aud": service, "iat": now, "nbf": now - 10,
                  "exp": now + LIFETIME_S, "jti": secrets.token_hex(8), "access": access}
        parts = [{"typ": "JWT", "alg": "RS256", "x5c": [der]}, claims]
        signed = ".".join(b64url(json.dumps(part).encode()) for part in parts)
        signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.settings["key"]],
                                   input=signed.encode(), capture_output=True, check=True).stdout
        return f"{signed}.{b64url(signature)}"

    def _answer(self, status: int, body: dict) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


if __name__ == "__main__":
    Handler.settings = json.loads(Path(sys.argv[1]).read_text())
    http.server.ThreadingHTTPServer(("127.0.0.1", Handler.settings["port"]), Handler).serve_forever()
