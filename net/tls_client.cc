#include "net/tls_client.h"

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <boost/asio/ip/address.hpp>

#include "net/certificate_complaint.h"

namespace tally::net {
namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

Result<void> trust(ssl::context& context, const std::string& ca_file) {
  error_code error;
  if (ca_file.empty()) {
    context.set_default_verify_paths(error);
  } else {
    context.load_verify_file(ca_file, error);
  }
  if (!error) return ok();
  const std::string what = ca_file.empty() ? "the system's CA certificates" : ca_file;
  return Error{Errc::invalid, what + " cannot be used to verify a server: " + error.message()};
}

/// Whom the certificate has to name; and which of the names on one address is meant, for which an
/// address is no name (RFC 6066 section 3).
bool expect_host(SSL* tls, const std::string& host) {
  error_code no_address;
  boost::asio::ip::make_address(host, no_address);
  if (!no_address) {
    return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), host.c_str()) == 1;
  }
  return SSL_set_tlsext_host_name(tls, host.c_str()) == 1 && SSL_set1_host(tls, host.c_str()) == 1;
}

}  // namespace

Result<TlsClient> TlsClient::around(boost::beast::tcp_stream& tcp, const std::string& host,
                                    const std::string& ca_file) {
  TlsClient client;
  client.context = std::make_unique<ssl::context>(ssl::context::tls_client);
  if (SSL_CTX_set_min_proto_version(client.context->native_handle(), TLS1_2_VERSION) != 1) {
    return Error{Errc::io, "OpenSSL refuses TLS 1.2"};
  }
  TALLY_TRY(trust(*client.context, ca_file));
  client.stream = std::make_unique<Stream>(tcp, *client.context);
  error_code error;
  client.stream->set_verify_mode(ssl::verify_peer, error);
  if (error || !expect_host(client.stream->native_handle(), host)) {
    return Error{Errc::io, "OpenSSL cannot verify " + host};
  }
  return client;
}

std::string TlsClient::complaint(const error_code& error) const {
  const long verdict = SSL_get_verify_result(stream->native_handle());
  if (verdict == X509_V_OK) return error.message();
  if (verdict == X509_V_ERR_APPLICATION_VERIFICATION) return "its certificate is for another host";
  return certificate_complaint(verdict);
}

}  // namespace tally::net
