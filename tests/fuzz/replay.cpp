// Gives every file of the named folders to a target once. For builds without libFuzzer: the tests.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {
std::vector<std::filesystem::path> files_of(int count, char** folders) {
  std::vector<std::filesystem::path> out;
  for (int i = 1; i < count; ++i)
    for (const auto& entry : std::filesystem::directory_iterator(folders[i]))
      if (entry.is_regular_file()) out.push_back(entry.path());
  std::sort(out.begin(), out.end());
  return out;
}

void replay(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (!in.good() && !in.eof()) throw std::runtime_error("cannot read " + file.string());
  std::printf("%s\n", file.c_str());  // the last line is the culprit when it ends the process
  std::fflush(stdout);
  // Of exactly its size, so that a byte read beyond the end is one that the sanitizer sees.
  const std::vector<std::uint8_t> exact(bytes.begin(), bytes.end());
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
}
}  // namespace

int main(int count, char** folders) {
  const auto files = files_of(count, folders);
  for (const auto& file : files) replay(file);
  std::printf("%zu inputs\n", files.size());
  if (files.empty()) std::fprintf(stderr, "an empty corpus proves nothing\n");
  return files.empty() ? 1 : 0;
}
