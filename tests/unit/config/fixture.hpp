// A configuration that is right, and ways to spoil it.
#pragma once

#include <string>
#include <string_view>

#include "deploy/config.hpp"
#include "deploy/error.hpp"

namespace deploy::test {

inline constexpr std::string_view kGoodConfig = R"({
  "application": "myapp",
  "image": {"repository": "localhost:5000/myapp"},
  "environments": [
    {
      "name": "staging",
      "hosts": ["ssh://deploy@192.0.2.10"],
      "container": {"name": "myapp-staging", "ports": ["8081:80"]},
      "probe": {"http": {"path": "/health", "port": 8081}}
    },
    {
      "name": "production", "after": "staging",
      "hosts": ["ssh://deploy@192.0.2.10"],
      "container": {"name": "myapp-prod", "ports": ["8080:80"]},
      "probe": {"http": {"path": "/health", "port": 8080}}
    }
  ]
}
)";

/// Every field there is.
inline constexpr std::string_view kFull = R"({
  "$schema": "https://example.com/deploy.schema.json",
  "application": "shop",
  "state": "sqlite:var/ledger.db",
  "image": {
    "repository": "registry.example.com:5000/team/shop", "context": "src", "dockerfile": "docker/Dockerfile", "target": "runtime",
    "build_args": {"PYTHON": "3.12"}, "version": "2.1.{build}", "tags": ["{version}", "b{build}-{commit}"],
    "floating_tags": ["latest", "stable"], "floating_after": "test"
  },
  "engine": "ssh://builder@build.example.com:2222",
  "registry": {"username": {"env": "REG_USER"}, "password": {"command": ["pass", "show", "registry"]}, "insecure": true},
  "git": {"tag": "v{version}", "push": "origin", "after": "test"},
  "ssh": {"client": "openssh", "identity": "~/.ssh/id_ed25519", "passphrase": {"file": "secrets/pass"}, "known_hosts": "keys/known",
          "jump": "ssh://bastion", "config": "/etc/ssh/deploy_config"},
  "tls": {"ca": "certs/ca.pem", "cert": "certs/cert.pem", "key": "certs/key.pem"},
  "environments": [
    {
      "name": "test", "hosts": ["unix:///run/docker.sock", "tcp://10.0.0.7:2376"],
      "container": {
        "name": "shop", "ports": ["127.0.0.1:9000-9001:80-81", "53:53/udp"], "env": {"MODE": "test", "DB": {"env": "DB_URL"}},
        "volumes": ["data:/data", "/srv/conf:/etc/shop:ro"], "networks": ["front", "back"], "restart": "on-failure:3",
        "stop_timeout": "1m", "labels": {"team": "a"}, "memory": "256m", "cpus": 1.5, "command": ["serve", ""], "user": "1000:1000",
        "read_only": true
      },
      "probe": {
        "http": {"path": "/health?x=1", "port": 9001, "status": [200, 204], "body": "/^ok$/", "json": {"/status": "ok", "/n": 3},
                 "headers": {"Host": "shop.example.com"}, "tls": true, "ca": "certs/service.pem"},
        "from": "controller", "interval": "500ms", "timeout": "2s", "start_period": "10s", "deadline": "90s",
        "success_threshold": 1, "failure_threshold": 5
      },
      "strategy": {"type": "blue_green", "max_parallel": 2},
      "rollback": {"automatic": false, "on_unknown": "rollback", "bake": "0s", "keep": 0},
      "approval": {"approvers": ["alice", "bob"], "required": 2, "allow_requester": true, "expires": "2h",
                   "signatures": {"allowed_signers": "signers", "revoked_keys": "revoked"}},
      "freeze": [{"from": "Fri 16:00", "to": "Mon 08:00", "timezone": "Europe/Berlin"}],
      "allow_downgrade": true
    }
  ]
})";

/// The good configuration with the first `what` replaced.
inline std::string spoiled(std::string_view what, std::string_view with) {
  std::string text(kGoodConfig);
  const std::size_t at = text.find(what);
  return at == std::string::npos ? "(the fixture holds no " + std::string(what) + ")" : text.replace(at, what.size(), with);
}

inline Config parse(std::string_view text) { return Config::parse(text, "/srv/app"); }

}  // namespace deploy::test
