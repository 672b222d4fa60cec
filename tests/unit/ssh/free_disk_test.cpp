#include "ssh/free_disk.hpp"

#include <doctest/doctest.h>

using namespace deploy;
using namespace deploy::ssh;

namespace {
constexpr std::int64_t kMiB = 1 << 20;
constexpr const char* kHead = "Filesystem 1024-blocks Used Available Capacity Mounted on\n";

/// Answers every command with the same.
class Scripted final : public Transport {
 public:
  explicit Scripted(ExecResult answer) : answer_(std::move(answer)) {}
  ExecResult exec(const std::vector<std::string>& argv, const std::string&, const CallLimits& limits) override {
    if (failure) throw Error(*failure, "ssh", "it failed");
    seen = argv;
    patience = limits.timeout;
    return answer_;
  }
  std::unique_ptr<StreamCarrier> exec_carrier(std::vector<std::string>) override { return nullptr; }
  std::unique_ptr<StreamCarrier> tcp_carrier(std::string, std::uint16_t) override { return nullptr; }

  std::optional<ErrorCode> failure;
  std::vector<std::string> seen;
  std::chrono::milliseconds patience{0};

 private:
  ExecResult answer_;
};

const CallLimits kLimits{std::chrono::minutes{1}, {}};
}  // namespace

TEST_CASE("df's answer is read whatever the file system and its mount point are called") {
  CHECK(read_df(std::string(kHead) + "/dev/sda1 1000000 400000 2048 40% /var/lib/docker\n") == 2 * kMiB);
  CHECK(read_df(std::string(kHead) + "//nas/a b 50% c 10 20 30 1024 1% /mnt/x 7 8 9 10%\n") == kMiB);
  CHECK(read_df(std::string(kHead) + "overlay 10 20 0 100% /\n") == 0);
}

TEST_CASE("what is no answer of df says nothing") {
  for (const char* text : {"", "df: /x: No such file or directory", "\n", "Filesystem\n/dev/sda1 a b c 5% /\n", "Filesystem\n/dev/sda1 1 2 -3 5% /\n", "Filesystem\n/dev/sda1 1 2 99999999999999999999 5% /\n"})
    CHECK_FALSE(read_df(text).has_value());
}

TEST_CASE("df is asked without a shell's interpretation, in its plain language, and not for long") {
  Scripted host({0, std::string(kHead) + "/dev/sda1 1 1 1024 5% /\n", ""});
  CHECK(free_disk(host, "/var/lib/my docker", kLimits) == kMiB);
  CHECK(host.seen == std::vector<std::string>{"env", "LC_ALL=C", "df", "-Pk", "--", "/var/lib/my docker"});
  CHECK(host.patience == std::chrono::seconds{5});
}

TEST_CASE("a host that will not say how much is free stops nothing") {
  Scripted none({127, "", "df: not found"});
  CHECK(free_disk(none, "/x", kLimits) == -1);
  Scripted away({});
  away.failure = ErrorCode::timeout;
  CHECK(free_disk(away, "/x", kLimits) == -1);
  away.failure = ErrorCode::cancelled;
  CHECK_THROWS_AS((void)free_disk(away, "/x", kLimits), Error);
}
