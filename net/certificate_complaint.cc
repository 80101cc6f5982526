#include "net/certificate_complaint.h"

#include <openssl/x509_vfy.h>

namespace tally::net {

std::string certificate_complaint(long verdict) {
  if (verdict == X509_V_ERR_HOSTNAME_MISMATCH || verdict == X509_V_ERR_IP_ADDRESS_MISMATCH) {
    return "its certificate is for another host";
  }
  return std::string("its certificate is not accepted: ") + X509_verify_cert_error_string(verdict);
}

}  // namespace tally::net
