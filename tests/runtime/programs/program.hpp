// The first lines of a program of this folder, for the backend that its build chooses. Each block
// is what the manual tells to write for that backend.
#ifndef RLBOX_TESTS_PROGRAM_HPP_
#define RLBOX_TESTS_PROGRAM_HPP_

#define RLBOX_SINGLE_THREADED_INVOCATIONS
#include <stdio.h>

#include "proglib.h"

#if defined(PROGRAM_NOOP)

#define RLBOX_USE_STATIC_CALLS() rlbox_noop_sandbox_lookup_symbol
#include "rlbox.hpp"
#include "rlbox_noop_sandbox.hpp"
RLBOX_DEFINE_BASE_TYPES_FOR(proglib, noop);
#define CREATE_SANDBOX(sandbox) (sandbox).create_sandbox()

#elif defined(PROGRAM_DYLIB)

#include "rlbox.hpp"
#include "rlbox_dylib_sandbox.hpp"
RLBOX_DEFINE_BASE_TYPES_FOR(proglib, dylib);
#define CREATE_SANDBOX(sandbox) (sandbox).create_sandbox(PROGRAM_DYLIB)

#elif defined(PROGRAM_WASM2C)

#define RLBOX_USE_STATIC_CALLS() rlbox_wasm2c_sandbox_lookup_symbol
#define RLBOX_WASM2C_MODULE_NAME proglib
#include "proglib.wasm.h"
#include "rlbox_wasm2c_sandbox.hpp"
#include "rlbox.hpp"
RLBOX_DEFINE_BASE_TYPES_FOR(proglib, wasm2c);
#define CREATE_SANDBOX(sandbox) (sandbox).create_sandbox()

#else
#error "Build the programs with the targets of this folder; they choose a backend."
#endif

#endif
