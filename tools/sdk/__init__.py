"""How the toolchain for WebAssembly is unpacked and its C and C++ libraries are built."""
