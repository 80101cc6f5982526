#pragma once

#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <vector>

#include "ingest/answer_text.h"
#include "ingest/batch_packer.h"
#include "ingest/validator.h"
#include "model/clock.h"
#include "net/http_reply.h"
#include "net/http_request.h"
#include "net/io_thread.h"
#include "store/journal/frame_encoder.h"
#include "store/store.h"

namespace tally::ingest {

/// Takes `POST /v1/events` on one I/O thread: validates, hashes and compresses the body right
/// there, and answers once the store has it on disk. Small bodies share a batch: those that come
/// while the previous one is being synced. Belongs to its thread.
class EventReceiver {
 public:
  /// All three must outlive the receiver; no Reply may be open when it is destroyed.
  EventReceiver(net::IoThread& thread, store::Store& store, const Clock& clock);
  ~EventReceiver();
  EventReceiver(const EventReceiver&) = delete;
  EventReceiver& operator=(const EventReceiver&) = delete;

  /// Judges one post; path and method have been checked. Answers 200 or 400 with the verdict once
  /// it is durable, 415 for an encoding or type that is not understood, 503 if the store did not
  /// take it, and nothing, closing the connection, where nobody can know whether it did.
  void handle(const net::Request& request, net::Reply reply);

 private:
  /// A request whose events are in a batch on its way to the disk.
  struct Waiting {
    net::Reply reply;
    std::uint32_t accepted;
    RefusalsText refusals;
  };

  /// The requests of one batch, in the order of their events.
  struct Group {
    std::vector<Waiting> waiting;
    std::optional<store::CommitResult> result;
    bool packed = false;
  };
  using Groups = std::list<Group>;

  void take_small(const net::Request& request, BodyForm form, net::Reply reply);
  void take_large(const net::Request& request, BodyForm form, net::Reply reply);
  void set_origin(const net::Request& request);
  void flush_soon();
  void flush_after(int looks);
  void flush();
  Groups::iterator new_group();
  void submit(store::Batch batch, Groups::iterator group);
  void finish(Groups::iterator group);
  void answer(Waiting& waiting, const store::CommitResult& result, std::uint64_t events_before);

  net::IoThread& thread_;
  store::Store& store_;
  const Clock& clock_;
  Validator validator_;
  store::FrameEncoder encoder_;
  BodyOrigin origin_;  ///< of the body at hand

  BatchPacker packer_;
  std::vector<Waiting> packed_;      ///< the requests in packer_
  std::size_t packs_in_flight_ = 0;  ///< submitted, not yet durable
  bool flush_posted_ = false;

  Groups in_flight_;
  Groups spare_;  ///< for reuse, with their memory
  std::string text_;
};

}  // namespace tally::ingest
