// Decodes a FLAC file; the library reads, and hands out the sound, through callbacks.
#include "flac.rlbox.h"

#include <algorithm>

#include "examples/libraries/shelf.hpp"

static const std::string* file;
static std::size_t place;
static std::string sound;
static unsigned blocks, errors;

static tainted_flac<FLAC__StreamDecoderReadStatus> read(rlbox_sandbox_flac& sandbox,
                                                        tainted_flac<const FLAC__StreamDecoder*>,
                                                        tainted_flac<FLAC__byte*> to,
                                                        tainted_flac<std::size_t*> count,
                                                        tainted_flac<void*>) {
  const auto size =
      std::min<std::size_t>(shelf::number(*count, 0u, 1u << 24), file->size() - place);
  if (size > 0) {
    rlbox::memcpy(sandbox, to, file->data() + place, size);
  }
  place += size;
  *count = static_cast<std::uint32_t>(size);
  return size > 0 ? FLAC__STREAM_DECODER_READ_STATUS_CONTINUE
                  : FLAC__STREAM_DECODER_READ_STATUS_END_OF_STREAM;
}

static tainted_flac<FLAC__StreamDecoderWriteStatus> write(
    rlbox_sandbox_flac& sandbox, tainted_flac<const FLAC__StreamDecoder*> decoder,
    tainted_flac<const FLAC__Frame*>, tainted_flac<const FLAC__int32* const*> channels,
    tainted_flac<void*>) {
  const unsigned count = shelf::number(
      sandbox.invoke_sandbox_function(FLAC__stream_decoder_get_channels, decoder), 1u, 8u);
  const unsigned samples = shelf::number(
      sandbox.invoke_sandbox_function(FLAC__stream_decoder_get_blocksize, decoder), 1u, 65535u);
  for (unsigned i = 0; i < count; ++i) {
    tainted_flac<const FLAC__int32*> channel = channels[i];
    sound += shelf::bytes(channel, samples);
  }
  ++blocks;
  return FLAC__STREAM_DECODER_WRITE_STATUS_CONTINUE;
}

static void error(rlbox_sandbox_flac&, tainted_flac<const FLAC__StreamDecoder*>,
                  tainted_flac<FLAC__StreamDecoderErrorStatus>, tainted_flac<void*>) {
  ++errors;
}

std::string job(const std::string& input) {
  shelf::fresh<rlbox_sandbox_flac> sandbox;
  file = &input;
  place = 0;
  sound.clear();
  blocks = errors = 0;
  auto on_read = sandbox.register_callback(read);
  auto on_write = sandbox.register_callback(write);
  auto on_error = sandbox.register_callback(error);
  auto decoder = sandbox.invoke_sandbox_function(FLAC__stream_decoder_new);
  sandbox.invoke_sandbox_function(FLAC__stream_decoder_set_md5_checking, decoder, 1);
  sandbox.invoke_sandbox_function(FLAC__stream_decoder_init_stream, decoder, on_read, nullptr,
                                  nullptr, nullptr, nullptr, on_write, nullptr, on_error, nullptr);
  sandbox.invoke_sandbox_function(FLAC__stream_decoder_process_until_end_of_stream, decoder);
  // False if the sound has another MD5 than the file says.
  const auto right = sandbox.invoke_sandbox_function(FLAC__stream_decoder_finish, decoder);
  const std::string said = std::to_string(blocks) + " blocks " + shelf::fingerprint(sound) + ", " +
                           std::to_string(errors) + " errors, the sum is " +
                           (shelf::number(right, 0, 1) ? "right\n" : "wrong\n");
  sandbox.invoke_sandbox_function(FLAC__stream_decoder_delete, decoder);
  return said;
}
