#pragma once

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <memory>
#include <string>

#include "model/result.h"

namespace tally::net {

/// A client's end of TLS around one TCP connection. For HttpClient.
struct TlsClient {
  using Stream = boost::asio::ssl::stream<boost::beast::tcp_stream&>;

  /// Around `tcp`, connected or not yet, which must outlive it: TLS 1.2 at least, with a server
  /// that proves by a certificate that it is `host`. Whom to trust is in `ca_file` (PEM), or what
  /// the system trusts where that is empty. Errc::invalid: the file cannot be used.
  static Result<TlsClient> around(boost::beast::tcp_stream& tcp, const std::string& host,
                                  const std::string& ca_file);

  /// Why a handshake failed, in OpenSSL's words about the certificate where that is it.
  std::string complaint(const boost::system::error_code& error) const;

  std::unique_ptr<boost::asio::ssl::context> context;
  std::unique_ptr<Stream> stream;
};

}  // namespace tally::net
