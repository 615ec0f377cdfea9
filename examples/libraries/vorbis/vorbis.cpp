// Takes the bytes of a file as sound, packs it as Vorbis and unpacks it: packet by packet, without
// a container.
#include "vorbis.rlbox.h"

#include "examples/libraries/shelf.hpp"

using sandbox_t = shelf::fresh<rlbox_sandbox_vorbis>;

// A packer or an unpacker: what both have.
struct codec {
  tainted_vorbis<vorbis_info*> info;
  tainted_vorbis<vorbis_comment*> comment;
  tainted_vorbis<vorbis_dsp_state*> state;
  tainted_vorbis<vorbis_block*> block;

  explicit codec(sandbox_t& sandbox)
      : info(sandbox.malloc_in_sandbox<vorbis_info>()),
        comment(sandbox.malloc_in_sandbox<vorbis_comment>()),
        state(sandbox.malloc_in_sandbox<vorbis_dsp_state>()),
        block(sandbox.malloc_in_sandbox<vorbis_block>()) {
    sandbox.invoke_sandbox_function(vorbis_info_init, info);
    sandbox.invoke_sandbox_function(vorbis_comment_init, comment);
  }
};

std::string job(const std::string& input) {
  sandbox_t sandbox;
  codec packer(sandbox), unpacker(sandbox);
  const int count = 16384;
  sandbox.invoke_sandbox_function(vorbis_encode_init_vbr, packer.info, 1l, 22050l, 0.4f);
  sandbox.invoke_sandbox_function(vorbis_analysis_init, packer.state, packer.info);
  sandbox.invoke_sandbox_function(vorbis_block_init, packer.state, packer.block);
  auto packet = sandbox.malloc_in_sandbox<ogg_packet>(3);
  sandbox.invoke_sandbox_function(vorbis_analysis_headerout, packer.state, packer.comment, packet,
                                  packet + 1, packet + 2);
  for (unsigned i = 0; i < 3; ++i) {
    auto code = sandbox.invoke_sandbox_function(vorbis_synthesis_headerin, unpacker.info,
                                                unpacker.comment, packet + i);
    if (shelf::number(code, -200, 0) != 0) {
      return "a header is refused\n";
    }
  }
  sandbox.invoke_sandbox_function(vorbis_synthesis_init, unpacker.state, unpacker.info);
  sandbox.invoke_sandbox_function(vorbis_block_init, unpacker.state, unpacker.block);

  auto channels = sandbox.invoke_sandbox_function(vorbis_analysis_buffer, packer.state, count);
  tainted_vorbis<float*> samples = channels[0];
  for (unsigned i = 0; i < count; ++i) {
    samples[i] = input.empty() ? 0.0f : static_cast<float>(input[i / 20 % input.size()]) / 128.0f;
  }
  sandbox.invoke_sandbox_function(vorbis_analysis_wrote, packer.state, count);
  sandbox.invoke_sandbox_function(vorbis_analysis_wrote, packer.state, 0);
  unsigned packets = 0, sounds = 0;
  std::string packed, sound;
  auto pcm = sandbox.malloc_in_sandbox<float**>();
  while (shelf::number(
             sandbox.invoke_sandbox_function(vorbis_analysis_blockout, packer.state, packer.block),
             -200, 1) == 1) {
    sandbox.invoke_sandbox_function(vorbis_analysis, packer.block, nullptr);
    sandbox.invoke_sandbox_function(vorbis_bitrate_addblock, packer.block);
    while (shelf::number(
               sandbox.invoke_sandbox_function(vorbis_bitrate_flushpacket, packer.state, packet),
               -200, 1) == 1) {
      tainted_vorbis<unsigned char*> data = packet->packet;
      packed += shelf::bytes(data, shelf::number(packet->bytes, 0u, 1u << 16));
      ++packets;
      sandbox.invoke_sandbox_function(vorbis_synthesis, unpacker.block, packet);
      sandbox.invoke_sandbox_function(vorbis_synthesis_blockin, unpacker.state, unpacker.block);
      const int more = shelf::number(
          sandbox.invoke_sandbox_function(vorbis_synthesis_pcmout, unpacker.state, pcm), 0,
          1 << 16);
      if (more > 0) {
        tainted_vorbis<float**> rows = *pcm;
        tainted_vorbis<float*> row = rows[0];
        sound += shelf::bytes(row, static_cast<unsigned>(more));
        sounds += static_cast<unsigned>(more);
        sandbox.invoke_sandbox_function(vorbis_synthesis_read, unpacker.state, more);
      }
    }
  }
  return "packed: " + std::to_string(packets) + " packets, " + std::to_string(packed.size()) +
         " bytes " + shelf::fingerprint(packed) + "\nunpacked: " + std::to_string(sounds) +
         " samples " + shelf::fingerprint(sound) + "\n";
}
