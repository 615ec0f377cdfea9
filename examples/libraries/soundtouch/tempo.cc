#include "tempo.h"

#include "SoundTouch.h"

unsigned tempo_change(const float* samples, unsigned count, unsigned rate, double tempo, float* out,
                      unsigned room) {
  soundtouch::SoundTouch stretcher;
  stretcher.setSampleRate(rate);
  stretcher.setChannels(1);
  stretcher.setTempo(tempo);
  stretcher.putSamples(samples, count);
  stretcher.flush();
  unsigned done = 0;
  while (const unsigned more = stretcher.receiveSamples(out + done, room - done)) {
    done += more;
  }
  return done;
}
