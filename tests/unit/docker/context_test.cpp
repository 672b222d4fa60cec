#include "docker/context.hpp"

#include <doctest/doctest.h>

#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

#include "deploy/error.hpp"
#include "docker/base_images.hpp"
#include "docker/lint.hpp"
#include "refusal.hpp"
#include "support/hash.hpp"

using namespace deploy;
using namespace deploy::docker;
namespace fs = std::filesystem;

namespace {
struct Folder {
  Folder() : path(fs::temp_directory_path() / ("libdeploy-context-" + random_hex(6))) { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  Folder& file(const std::string& name, const std::string& text = "") {
    fs::create_directories((path / name).parent_path());
    std::ofstream(path / name, std::ios::binary) << text;
    return *this;
  }
  [[nodiscard]] BuildRequest request(const std::string& dockerfile = "Dockerfile") const {
    return {.context = path.string(), .dockerfile = dockerfile, .target = "", .build_args = {}, .labels = {}};
  }
  fs::path path;
};

std::string archived(const ContextFiles& files, std::size_t chunk = 4096) {
  ContextArchive archive(files);
  std::string out, buffer(chunk, '\0');
  while (const std::size_t n = archive.read(buffer.data(), buffer.size())) out.append(buffer, 0, n);
  return out;
}

struct Entry {
  std::string name, text, link;
  mode_t type = 0, mode = 0;
  std::int64_t size = 0, uid = 0, gid = 0;
};

std::vector<Entry> entries_of(const std::string& tar) {
  std::vector<Entry> out;
  archive* a = archive_read_new();
  archive_read_support_format_tar(a);
  REQUIRE(archive_read_open_memory(a, tar.data(), tar.size()) == ARCHIVE_OK);
  archive_entry* e = nullptr;
  while (archive_read_next_header(a, &e) == ARCHIVE_OK) {
    Entry entry{archive_entry_pathname(e), "", archive_entry_symlink(e) ? archive_entry_symlink(e) : "", archive_entry_filetype(e), archive_entry_perm(e),
                archive_entry_size(e), archive_entry_uid(e), archive_entry_gid(e)};
    entry.text.resize(std::min<std::int64_t>(entry.size, 1 << 20));
    if (!entry.text.empty()) CHECK(archive_read_data(a, entry.text.data(), entry.text.size()) == static_cast<la_ssize_t>(entry.text.size()));
    out.push_back(entry);
  }
  archive_read_free(a);
  return out;
}

std::vector<std::string> names_of(const std::vector<Entry>& entries) {
  std::vector<std::string> out;
  for (const Entry& entry : entries) out.push_back(entry.name);
  return out;
}

std::vector<std::string> sent(const BuildRequest& request) { return names_of(entries_of(archived(list_context(request)))); }

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += line + "\n";
  return out;
}
}  // namespace

TEST_CASE("a context is sent in order, owned by nobody in particular, with its modes, links and empty folders") {
  Folder folder;
  folder.file("b/file", "text").file("a.txt").file("Dockerfile", "FROM scratch");
  fs::create_directories(folder.path / "empty");
  fs::create_symlink("../../etc/passwd", folder.path / "link");
  ::chmod((folder.path / "b/file").c_str(), 0750);
  const auto entries = entries_of(archived(list_context(folder.request())));
  CHECK(names_of(entries) == std::vector<std::string>{"Dockerfile", "a.txt", "b/", "b/file", "empty/", "link"});
  CHECK(entries[3].text == "text");
  CHECK(entries[3].mode == 0750);
  CHECK(entries[5].link == "../../etc/passwd");
  CHECK(entries[5].type == AE_IFLNK);
  for (const Entry& entry : entries) CHECK((entry.uid == 0 && entry.gid == 0));
}

TEST_CASE("the same context gives the same bytes, however it is read") {
  Folder folder;
  folder.file("Dockerfile", "FROM scratch").file("data", std::string(100'000, 'x'));
  const ContextFiles files = list_context(folder.request());
  const std::string whole = archived(files);
  CHECK(archived(files, 1) == whole);
  CHECK(archived(files, 777) == whole);
}

TEST_CASE("names that are long, not UTF-8 or look like options are sent as they are") {
  Folder folder;
  const std::string longest = std::string(200, 'n') + "/" + std::string(200, 'm'), odd = "latin\xe9", dash = "-rf";
  folder.file("Dockerfile").file(longest, "l").file(odd, "o").file(dash, "d");
  const auto names = sent(folder.request());
  for (const std::string& name : {longest, odd, dash}) CHECK(std::count(names.begin(), names.end(), name) == 1);
}

TEST_CASE("a huge sparse file is streamed, not held") {
  Folder folder;
  folder.file("Dockerfile").file("huge");
  fs::resize_file(folder.path / "huge", 200u << 20);
  const ContextFiles files = list_context(folder.request());
  ContextArchive archive(files);
  std::string buffer(1 << 16, '\0');
  std::size_t total = 0;
  while (const std::size_t n = archive.read(buffer.data(), buffer.size())) total += n;
  CHECK(total > 200u << 20);
}

TEST_CASE("a file that changes while it is being sent is an error that names it") {
  Folder folder;
  folder.file("Dockerfile").file("data", std::string(1 << 20, 'x'));
  const ContextFiles files = list_context(folder.request());
  ContextArchive archive(files);
  std::string buffer(4096, '\0');
  for (int i = 0; i < 20; ++i) (void)archive.read(buffer.data(), buffer.size());
  fs::resize_file(folder.path / "data", 10);
  CHECK(test::contains(test::refusal([&] { while (archive.read(buffer.data(), buffer.size()) > 0) {} return 0; }), "/data"));
  fs::remove(folder.path / "data");
  CHECK(test::contains(test::refusal([&] { return archived(files); }), "/data"));
}

TEST_CASE("rules leave files out, but never the Dockerfile and .dockerignore") {
  Folder folder;
  folder.file("docker/Dockerfile").file("docker/other").file("src/a.c").file("src/a.o").file("x").file(".dockerignore", "*\n!src\n**/*.o\n");
  CHECK(sent(folder.request("docker/Dockerfile")) == std::vector<std::string>{".dockerignore", "docker/Dockerfile", "src/", "src/a.c"});
}

TEST_CASE("rules beside the Dockerfile win over those of the context") {
  Folder folder;
  folder.file("Dockerfile").file("a").file("b").file(".dockerignore", "a\n").file("Dockerfile.dockerignore", "b\n");
  CHECK(sent(folder.request()) == std::vector<std::string>{".dockerignore", "Dockerfile", "Dockerfile.dockerignore", "a"});
}

TEST_CASE("a Dockerfile outside the context travels under a name of its own, and is to be dropped again") {
  Folder folder, elsewhere;
  folder.file("a").file(".dockerignore", "b");
  elsewhere.file("Dockerfile", "FROM scratch\n");
  const ContextFiles files = list_context(folder.request((elsewhere.path / "Dockerfile").string()));
  CHECK(files.dockerfile.starts_with(".dockerfile."));
  const auto entries = entries_of(archived(files));
  REQUIRE(entries.size() == 3);
  CHECK(entries[1].name == files.dockerfile);
  CHECK(entries[1].text == "FROM scratch\n");
  CHECK(entries[2].name == ".dockerignore");
  CHECK(entries[2].text == "b\n" + files.dockerfile + "\n");
}

TEST_CASE("a Dockerfile reached through dots or a link is still the one inside") {
  Folder folder;
  folder.file("real/Dockerfile.prod", "FROM scratch");
  fs::create_symlink("real/Dockerfile.prod", folder.path / "Dockerfile");
  CHECK(list_context(folder.request("./real/../Dockerfile")).dockerfile == "real/Dockerfile.prod");
}

TEST_CASE("what cannot be sent is left out and told") {
  Folder folder;
  folder.file("Dockerfile");
  REQUIRE(::mkfifo((folder.path / "pipe").c_str(), 0600) == 0);
  CHECK(sent(folder.request()) == std::vector<std::string>{"Dockerfile"});
  CHECK(test::contains(joined(lint_context(list_context(folder.request()))), "pipe"));
}

TEST_CASE("a context that is no folder, or has no Dockerfile, is refused by name") {
  Folder folder;
  CHECK(test::contains(test::refusal([&] { return list_context(folder.request()); }), "Dockerfile"));
  folder.file("Dockerfile");
  BuildRequest file = folder.request();
  file.context += "/Dockerfile";
  CHECK(test::contains(test::refusal([&] { return list_context(file); }), "no folder"));
}

TEST_CASE("lint warns of history, keys and environments, and of nothing that is meant to be public") {
  Folder folder;
  const std::string key = "-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n", certificate = "-----BEGIN CERTIFICATE-----\nabc\n";
  folder.file("Dockerfile").file(".git/config").file(".git/HEAD").file("sub/.git").file(".env").file("deploy/.env.production").file(".env.example");
  folder.file("keys/id_rsa").file("keys/id_rsa.pub").file("server.pem", "unclear").file("ca.pem", certificate).file("config.yaml", "key: |\n  " + key).file("notes.txt", "PRIVATE KEY");
  const std::string warnings = "\n" + joined(lint_context(list_context(folder.request())));
  for (const char* path : {"\n.git would be sent", "sub/.git would be sent", ".env holds", "deploy/.env.production", "keys/id_rsa looks", "server.pem", "config.yaml contains a private key"}) {
    CAPTURE(path);
    CHECK(test::contains(warnings, path));
  }
  for (const char* path : {".env.example", "id_rsa.pub", "ca.pem", "notes.txt", "Dockerfile"}) {
    CAPTURE(path);
    CHECK_FALSE(test::contains(warnings, path));
  }
}

TEST_CASE("lint says nothing about what is not sent") {
  Folder folder;
  folder.file("Dockerfile").file(".git/config").file(".env").file("id_rsa").file(".dockerignore", ".git\n.env\nid_*\n");
  CHECK(lint_context(list_context(folder.request())).empty());
}

TEST_CASE("the registries of base images are found, arguments and stages considered") {
  const std::string dockerfile =
      "# FROM ignored.test/x\nARG BASE=one.test/base\nARG TAG=\"1\"\nFROM ${BASE}:$TAG AS build\nARG BASE=late.test/x\n"
      "from --platform=linux/amd64 two.test:5000/x@sha256:" + std::string(64, 'a') + "\nCOPY --from=build /a /a\nCOPY --from=three.test/x /b /b\n"
      "COPY --from=0 /c /c\nFROM scratch\nFROM ${MISSING:-python}:3\nFROM Build\nFROM ${BROKEN\n";
  CHECK(base_registries(dockerfile, {}) == std::set<std::string>{"docker.io", "one.test", "three.test", "two.test:5000"});
  CHECK(base_registries(dockerfile, {{"BASE", "four.test/y"}}).contains("four.test"));
  CHECK(base_registries("FROM scratch\n", {}).empty());
}
