#ifndef EXAMPLES_LIBRARIES_SOUNDTOUCH_TEMPO_H_
#define EXAMPLES_LIBRARIES_SOUNDTOUCH_TEMPO_H_
// What the program needs of SoundTouch, in C: names and objects of C++ stay in the sandbox.

#ifdef __cplusplus
extern "C" {
#endif

// Plays `count` samples of one channel at another tempo (1: the same) into `out`; returns how many
// samples that are, at most `room`.
unsigned tempo_change(const float* samples, unsigned count, unsigned rate, double tempo, float* out,
                      unsigned room);

#ifdef __cplusplus
}
#endif

#endif  // EXAMPLES_LIBRARIES_SOUNDTOUCH_TEMPO_H_
