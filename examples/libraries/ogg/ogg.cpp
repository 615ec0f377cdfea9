// Reads Ogg pages; puts lines of text as packets into pages and reads those back.
#include "ogg.rlbox.h"

#include <algorithm>

#include "examples/libraries/shelf.hpp"

using sandbox_t = shelf::fresh<rlbox_sandbox_ogg>;

static std::string pages_of(sandbox_t& sandbox, const std::string& lines) {
  auto stream = sandbox.malloc_in_sandbox<ogg_stream_state>();
  auto packet = sandbox.malloc_in_sandbox<ogg_packet>();
  auto page = sandbox.malloc_in_sandbox<ogg_page>();
  sandbox.invoke_sandbox_function(ogg_stream_init, stream, 1234);
  std::string file;
  for (std::size_t from = 0, number = 0; from < lines.size(); ++number) {
    const std::size_t to = std::min(lines.find('\n', from), lines.size());
    packet->packet = sandbox.give<unsigned char>(lines.substr(from, to - from));
    packet->bytes = static_cast<long>(to - from);
    packet->b_o_s = number == 0;
    packet->e_o_s = to + 1 >= lines.size();
    packet->granulepos = static_cast<ogg_int64_t>(number);
    packet->packetno = static_cast<ogg_int64_t>(number);
    sandbox.invoke_sandbox_function(ogg_stream_packetin, stream, packet);
    from = to + 1;
  }
  while (shelf::number(sandbox.invoke_sandbox_function(ogg_stream_flush, stream, page), 0, 1)) {
    tainted_ogg<unsigned char*> header = page->header;
    tainted_ogg<unsigned char*> body = page->body;
    file += shelf::bytes(header, shelf::number(page->header_len, 0u, 1u << 16));
    file += shelf::bytes(body, shelf::number(page->body_len, 0u, 1u << 16));
  }
  return file;
}

static std::string packets_of(sandbox_t& sandbox, const std::string& file) {
  auto sync = sandbox.malloc_in_sandbox<ogg_sync_state>();
  auto stream = sandbox.malloc_in_sandbox<ogg_stream_state>();
  auto packet = sandbox.malloc_in_sandbox<ogg_packet>();
  auto page = sandbox.malloc_in_sandbox<ogg_page>();
  const long size = static_cast<long>(file.size());
  sandbox.invoke_sandbox_function(ogg_sync_init, sync);
  auto buffer = sandbox.invoke_sandbox_function(ogg_sync_buffer, sync, size);
  rlbox::memcpy(sandbox, buffer, file.data(), file.size());
  sandbox.invoke_sandbox_function(ogg_sync_wrote, sync, size);
  sandbox.invoke_sandbox_function(ogg_stream_init, stream, 1234);
  std::string said;
  for (int i = 0; i < 1000; ++i) {
    const int page_code =
        shelf::number(sandbox.invoke_sandbox_function(ogg_sync_pageout, sync, page), -1, 1);
    if (page_code == 0) {
      break;
    }
    if (page_code < 0) {
      said += "bytes between pages\n";
      continue;
    }
    said += "page\n";
    sandbox.invoke_sandbox_function(ogg_stream_pagein, stream, page);
    while (shelf::number(sandbox.invoke_sandbox_function(ogg_stream_packetout, stream, packet), -1,
                         1) == 1) {
      tainted_ogg<unsigned char*> data = packet->packet;
      said += "packet: " + shelf::bytes(data, shelf::number(packet->bytes, 0u, 1u << 16)) + "\n";
    }
  }
  return said;
}

std::string job(const std::string& input) {
  sandbox_t sandbox;
  if (input.compare(0, 4, "OggS") == 0) {
    return packets_of(sandbox, input);
  }
  const std::string file = pages_of(sandbox, input);
  std::string broken = file;
  if (!broken.empty()) {
    broken[broken.size() / 2] = static_cast<char>(broken[broken.size() / 2] ^ 0x55);
  }
  return std::to_string(file.size()) + " bytes " + shelf::fingerprint(file) + "\n" +
         packets_of(sandbox, file) + "broken: " + packets_of(sandbox, broken);
}
