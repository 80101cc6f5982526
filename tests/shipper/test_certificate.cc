#include "tests/shipper/test_certificate.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <filesystem>
#include <memory>

namespace tally::shipper {
namespace {

constexpr long kValidSeconds = 3600;

template <class T, void (*free)(T*)>
using Owned = std::unique_ptr<T, decltype([](T* object) { free(object); })>;

using File = std::unique_ptr<std::FILE, decltype([](std::FILE* file) { std::fclose(file); })>;

void add_extension(X509* certificate, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const Owned<X509_EXTENSION, X509_EXTENSION_free> extension(
      X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  ASSERT_NE(extension, nullptr);
  ASSERT_EQ(X509_add_ext(certificate, extension.get(), -1), 1);
}

}  // namespace

TestCertificate::TestCertificate(const std::string& subject) {
  const Owned<EVP_PKEY, EVP_PKEY_free> key_pair(EVP_EC_gen("P-256"));
  const Owned<X509, X509_free> made(X509_new());
  X509_set_version(made.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), -kValidSeconds);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), kValidSeconds);
  X509_NAME* const name = X509_get_subject_name(made.get());
  const auto* const text = reinterpret_cast<const unsigned char*>("test");
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0);
  X509_set_issuer_name(made.get(), name);
  X509_set_pubkey(made.get(), key_pair.get());
  add_extension(made.get(), NID_basic_constraints, "critical,CA:TRUE");
  add_extension(made.get(), NID_subject_alt_name, subject);
  EXPECT_GT(X509_sign(made.get(), key_pair.get(), EVP_sha256()), 0);

  const File certificate_file(std::fopen(certificate().c_str(), "w"));
  EXPECT_EQ(PEM_write_X509(certificate_file.get(), made.get()), 1);
  const File key_file(std::fopen(key().c_str(), "w"));
  EXPECT_EQ(
      PEM_write_PrivateKey(key_file.get(), key_pair.get(), nullptr, nullptr, 0, nullptr, nullptr),
      1);
  std::filesystem::permissions(key(), std::filesystem::perms(0600));
}

}  // namespace tally::shipper
