"""A reader of WebAssembly modules and objects, and what is known about their instructions and imports."""
