// SSH keys made and used in this process: signatures in the sshsig format without a child, of security keys too.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace deploy::test {

class SoftKey {
 public:
  /// "ssh-ed25519", "ecdsa-sha2-nistp256" (384, 521), "ssh-rsa", "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com".
  explicit SoftKey(const std::string& type = "ssh-ed25519", int rsa_bits = 2048);
  ~SoftKey();
  SoftKey(SoftKey&&) noexcept;
  SoftKey& operator=(SoftKey&&) noexcept;

  /// What a signer may do otherwise than it should.
  struct How {
    std::string name_space = "approval@libdeploy";
    std::string hash = "sha512";
    std::string algorithm{};         ///< "" is the usual one
    std::uint8_t flags = 1;          ///< of a security key: 1 is "touched"
    std::string appended{};          ///< bytes after the last field
  };
  [[nodiscard]] std::string sign(std::string_view text, const How& how) const;
  [[nodiscard]] std::string sign(std::string_view text) const { return sign(text, How{}); }

  [[nodiscard]] const std::string& blob() const { return blob_; }
  [[nodiscard]] std::string line() const;         ///< "TYPE BASE64", as in a .pub file
  [[nodiscard]] std::string fingerprint() const;  ///< "SHA256:..."

 private:
  [[nodiscard]] std::string raw_signature(std::string_view bytes, const std::string& algorithm) const;

  struct Handle;
  std::unique_ptr<Handle> key_;
  std::string type_, blob_;
};

/// Bytes between the marks of an SSH signature.
[[nodiscard]] std::string armored(std::string_view bytes);

}  // namespace deploy::test
